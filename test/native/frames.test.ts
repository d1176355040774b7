import { describe, expect, test } from 'vitest'
import type { NativeFrame } from '../../native/index.js'
import { loopFile } from '../support/footage.ts'
import { everyFrame, firstFrame } from './watch.ts'

const solid = (caps: string, colour = '0xffff0000', count = 1) =>
  `videotestsrc num-buffers=${count} pattern=solid-color foreground-color=${colour}
   ! video/x-raw,${caps} ! appsink name=frames`

const sample = (frame: NativeFrame, plane: number, x: number, y: number): number => {
  const { data, stride } = frame.planes[plane] ?? { data: new Uint8Array(), stride: 0 }
  return data[y * stride + x] ?? Number.NaN
}

const rgb = ({ picture }: NativeFrame, x: number, y: number): number[] => {
  const { width, height, data } = picture
  return [0, 1, 2].map((channel) => data[(channel * height + y) * width + x] as number)
}

const near = (actual: readonly number[], expected: readonly number[], tolerance = 5) => {
  for (const [index, value] of expected.entries())
    expect(Math.abs((actual[index] ?? 999) - value)).toBeLessThan(tolerance)
  expect(actual).toHaveLength(expected.length)
}

describe('planes and picture', () => {
  // Red, limited range: ITU-R BT.601 gives Y 81 U 90 V 240; BT.709 gives Y 63 U 102 V 240.
  test.each([
    ['I420 of a small picture is BT.601', 'format=I420,width=320,height=240', 'bt601', [81, 90, 240]],
    ['I420 of a large picture is BT.709', 'format=I420,width=1280,height=720', 'bt709', [63, 102, 240]],
    ['the stream decides', 'format=I420,width=320,height=240,colorimetry=bt709', 'bt709', [63, 102, 240]],
    ['NV12', 'format=NV12,width=320,height=240', 'bt601', [81, 90, 240]],
  ] as const)('%s', async (_, caps, matrix, yuv) => {
    const frame = await firstFrame(solid(caps))
    const nv12 = caps.includes('NV12')
    expect(frame).toMatchObject({ matrix, fullRange: false, format: nv12 ? 'NV12' : 'I420', seq: 0, ntpAtMs: null })
    const x = frame.width / 2 - 1
    const y = frame.height / 2 - 1
    const chroma = nv12
      ? [sample(frame, 1, 2 * x, y), sample(frame, 1, 2 * x + 1, y)]
      : [sample(frame, 1, x, y), sample(frame, 2, x, y)]
    near([sample(frame, 0, frame.width - 1, frame.height - 1), ...chroma], yuv)
    near(rgb(frame, 0, 0), [255, 0, 0])
    near(rgb(frame, frame.picture.width - 1, frame.picture.height - 1), [255, 0, 0])
    frame.close()
  })

  test('full range is told, and honoured in the picture', async () => {
    const frame = await firstFrame(solid('format=I420,width=64,height=64,colorimetry=(string)1:4:7:1', '0xff00ff00'))
    expect(frame.fullRange).toBe(true)
    // The source writes limited values all the same, so the full-range equations of BT.601 give a duller green.
    const [y, u, v] = [sample(frame, 0, 30, 30), sample(frame, 1, 15, 15), sample(frame, 2, 15, 15)]
    const green = [y + 1.402 * (v - 128), y - 0.344 * (u - 128) - 0.714 * (v - 128), y + 1.772 * (u - 128)]
    expect(green[1]).toBeLessThan(245)
    near(rgb(frame, 30, 30), green)
    frame.close()
  })

  test('red, green and blue bars stay where they are', async () => {
    const bars = 'videotestsrc num-buffers=1 pattern=smpte100 ! video/x-raw,format=I420,width=1120,height=630'
    const frame = await firstFrame(`${bars} ! appsink name=frames`, 560)
    // smpte100: seven bars of equal width; white, yellow, cyan, green, magenta, red, blue.
    near(rgb(frame, 280, 100), [0, 255, 0])
    near(rgb(frame, 440, 100), [255, 0, 0])
    near(rgb(frame, 520, 100), [0, 0, 255])
    frame.close()
  })

  test('odd sizes have chroma rounded up and end at their last pixel', async () => {
    const frame = await firstFrame(solid('format=I420,width=161,height=121'))
    const [y, u] = frame.planes
    expect(y?.data.length).toBe(120 * (y?.stride ?? 0) + 161)
    expect(u?.data.length).toBe(60 * (u?.stride ?? 0) + 81)
    expect(sample(frame, 2, 80, 60)).toBeGreaterThan(236)
    frame.close()
  })

  test('close detaches every view; closing again does nothing', async () => {
    const frame = await firstFrame(solid('format=I420,width=320,height=240'))
    const views = [...frame.planes.map((plane) => plane.data), frame.picture.data]
    expect(views.every((view) => view.length > 0)).toBe(true)
    frame.close()
    frame.close()
    expect(views.map((view) => view.length)).toEqual([0, 0, 0, 0])
    expect(views.map((view) => view.buffer.byteLength)).toEqual([0, 0, 0, 0])
  })
})

describe('the picture', () => {
  test.each([
    [1920, 1080, 640, 640, 360],
    [1080, 1920, 640, 360, 640],
    [320, 240, 640, 320, 240],
    [641, 361, 640, 640, 360],
    [2048, 858, 640, 640, 268],
    [2, 2, 640, 2, 2],
    [640, 8, 64, 64, 2],
    [1000, 1000, 333, 332, 332],
  ])('%i × %i fits into %i as %i × %i', async (width, height, side, pictureWidth, pictureHeight) => {
    const frame = await firstFrame(solid(`format=I420,width=${width},height=${height}`), side)
    expect([frame.picture.width, frame.picture.height]).toEqual([pictureWidth, pictureHeight])
    expect(frame.picture.data.length).toBe(pictureWidth * pictureHeight * 3)
    near(rgb(frame, pictureWidth - 1, pictureHeight - 1), [255, 0, 0])
    frame.close()
  })

  test('follows a change of resolution in mid-stream', async () => {
    const source = (size: string) => `videotestsrc num-buffers=3 ! video/x-raw,format=I420,framerate=25/1,${size}`
    const { values } = await everyFrame(
      `concat name=c ! appsink name=frames ${source('width=320,height=240')} ! c. ${source('width=640,height=360')} ! c.`,
      ({ width, height, picture, planes }) => [width, height, picture.width, picture.height, planes[0]?.data.length],
      400,
    )
    const small = [320, 240, 320, 240, 320 * 240]
    const large = [640, 360, 400, 226, 640 * 360]
    expect(values).toEqual([small, small, small, large, large, large])
  })
})

test('PTS are nanoseconds, numbers count, and arrival is the time of day', async () => {
  const before = Date.now()
  const { values } = await everyFrame(
    solid('format=I420,width=64,height=64,framerate=25/1', '0xffffffff', 5),
    ({ seq, ptsNs, arrivedAtMs }) => ({ seq, ptsNs, arrivedAtMs }),
  )
  expect(values.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4])
  expect(values.map(({ ptsNs }) => ptsNs)).toEqual([0n, 40_000_000n, 80_000_000n, 120_000_000n, 160_000_000n])
  for (const { arrivedAtMs } of values) {
    expect(arrivedAtMs).toBeGreaterThanOrEqual(before)
    expect(arrivedAtMs).toBeLessThanOrEqual(Date.now() + 1)
  }
})

test('a real H.264 file is decoded whole and in order', async () => {
  const { values } = await everyFrame(
    `filesrc location=${loopFile('lobby')} ! decodebin ! videoconvert ! appsink name=frames`,
    ({ ptsNs }) => ptsNs,
  )
  expect(values.length).toBeGreaterThan(50)
  expect(values).toEqual([...values].sort((a, b) => Number(a - b)))
})
