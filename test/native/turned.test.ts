import { expect, test } from 'vitest'
import type { NativeFrame } from '../../native/index.js'
import { codecs } from '../../src/ingest/codecs.ts'
import { linesOf } from '../support/play-lines.ts'
import { everyFrame, watch } from './watch.ts'

/** What a camera's decoding line is. */
const decodeBy = (rotate: 'auto' | 0 | 90 | 180 | 270): string => linesOf('rtsp://camera/', { rotate }).decode ?? ''

const parse = codecs.find(({ name }) => name === 'H.264')?.parse
const pattern = 'zone-plate kx2=20 ky2=20 kt=5'
const encoded = (width: number, height: number, frames = 8) =>
  `videotestsrc num-buffers=${frames} pattern=${pattern} ! video/x-raw,format=I420,width=${width},height=${height},framerate=25/1
   ! openh264enc gop-size=4 ! ${parse}`
const tagged = (orientation: string) => `taginject tags="image-orientation=${orientation}"`

/** Everything that is seen of a frame: both sizes, all planes without their padding, the detector's picture. */
const look = ({ width, height, format, planes, picture }: NativeFrame): string => {
  let hash = 0x811c9dc5
  const add = (byte: number): void => {
    hash = Math.imul(hash ^ byte, 0x01000193)
  }
  for (const [i, { data, stride }] of planes.entries()) {
    const columns = i === 0 ? width : format === 'NV12' ? 2 * ((width + 1) >> 1) : (width + 1) >> 1
    const rows = i === 0 ? height : (height + 1) >> 1
    for (let y = 0; y < rows; y++) for (const byte of data.subarray(y * stride, y * stride + columns)) add(byte)
  }
  for (const byte of picture.data) add(byte)
  return `${width}×${height}, ${picture.width}×${picture.height}: ${hash >>> 0}`
}

/** What frames look like that are copied into rows without padding: those of a source of raw pictures. */
const copied = async (source: string, turn = 'identity') =>
  (await everyFrame(`${source} ! avdec_h264 max-threads=1 ! ${turn} ! appsink name=frames`, look)).values

const seen = async <Value>(
  source: string,
  rotate: Parameters<typeof decodeBy>[0],
  see: (frame: NativeFrame) => Value,
) => (await everyFrame(`${source} ! appsink name=units`, see, 640, decodeBy(rotate))).values

test.each([
  [208, 128],
  [854, 480],
  [1366, 768],
  [1920, 1080],
])('%i × %i: its planes and its small picture are those of a copy', async (width, height) => {
  const source = encoded(width, height, 4)
  expect(await seen(source, 'auto', look)).toEqual(await copied(source))
})

const turns = [
  ['rotate-0', 'identity'],
  ['rotate-90', '90r'],
  ['rotate-180', '180'],
  ['rotate-270', '90l'],
  ['flip-rotate-0', 'horiz'],
  ['flip-rotate-90', 'ur-ll'],
  ['flip-rotate-180', 'vert'],
  ['flip-rotate-270', 'ul-lr'],
] as const

test.each(turns)('a tag %s turns all pictures', async (orientation, direction) => {
  const source = encoded(208, 128)
  const expected = await copied(source, `videoflip video-direction=${direction}`)
  expect(await seen(`${source} ! ${tagged(orientation)}`, 'auto', look)).toEqual(expected)
})

test('a tag that comes later, and one that changes, turn what follows', async () => {
  const source = encoded(208, 128)
  // The first pictures have none.
  const orders = [null, turns[1], turns[0], turns[4], turns[3], turns[0]]
  const parts = orders.map((turn) => `${source}${turn ? ` ! ${tagged(turn[0])}` : ''} ! joined.`)
  const found = await seen(`concat name=joined ${parts.join(' ')} joined.`, 'auto', look)
  const expected = orders.map((turn) => copied(source, `videoflip video-direction=${turn?.[1] ?? 'identity'}`))
  expect(found).toEqual((await Promise.all(expected)).flat())
})

test.each([
  [90, '90r'],
  [180, '180'],
  [270, '90l'],
] as const)('rotate %i goes before a tag', async (rotate, direction) => {
  const source = encoded(208, 128)
  const expected = await copied(source, `videoflip video-direction=${direction}`)
  expect(await seen(`${source} ! ${tagged('rotate-180')}`, rotate, look)).toEqual(expected)
})

test('pictures that are held stay as they are, and keep the decoder from nothing', async () => {
  const source = encoded(208, 128, 60)
  const held: NativeFrame[] = []
  const { until, of } = watch(`${source} ! appsink name=units`, {
    decode: decodeBy('auto'),
    onEvent: ({ type }, pipeline) => {
      const frame = type === 'frame' ? pipeline.take() : null
      if (frame) held.push(frame)
    },
  })
  await until('the end', () => of('eos').length > 0)
  expect(held.map(look)).toEqual(await copied(source))
  for (const frame of held) frame.close()
})
