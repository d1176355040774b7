import { expect, test } from 'vitest'
import { hasOwnColours } from '../../native/index.js'

const sizes = [
  [2, 2],
  [16, 2],
  [30, 18],
  [640, 360],
] as const

// Range 1 is full, 2 is limited; the matrices are those of BT.709 (3), BT.601 (4), SMPTE 240M (5), BT.2020 (6) and FCC (2), or not told (0).
const colorimetries = [1, 2].flatMap((range) => [0, 2, 3, 4, 5, 6].map((matrix) => `${range}:${matrix}:0:0`))

test.each(['I420', 'NV12'])('pictures of %s become RGB as by GStreamer, to the last bit, without it', (format) => {
  const others = sizes.flatMap(([width, height]) =>
    colorimetries.filter(
      (colorimetry) =>
        !hasOwnColours(`video/x-raw,format=${format},width=${width},height=${height},colorimetry=${colorimetry}`),
    ),
  )
  expect(others).toEqual([])
})

test('another format is left to GStreamer', () => {
  expect(hasOwnColours('video/x-raw,format=Y42B,width=64,height=48')).toBe(false)
})

test('refuses what is no picture', () => {
  expect(() => hasOwnColours('audio/x-raw')).toThrow(/caps must be those of a picture/)
})
