import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { firstFrame } from './watch.ts'

const red = (width: number, height: number) =>
  `videotestsrc num-buffers=1 pattern=solid-color foreground-color=0xffff0000
   ! video/x-raw,format=I420,width=${width},height=${height} ! appsink name=frames`

/** Width and height from the frame header (ITU-T T.81 B.2.2, marker SOF0). */
const sizeOf = (jpeg: Uint8Array): [number, number] => {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength)
  for (let at = 2; at < jpeg.length; at += 2 + view.getUint16(at + 2))
    if (view.getUint16(at) === 0xffc0) return [view.getUint16(at + 7), view.getUint16(at + 5)]
  return [0, 0]
}

test.each([
  [160, 120],
  [162, 90],
  [2, 2],
])('encodeJpeg gives a picture of %i × %i that decodes to the same colour', async (width, height) => {
  const frame = await firstFrame(red(width, height))
  const pending = frame.encodeJpeg(90)
  frame.close()
  const jpeg = await pending
  expect([...jpeg.subarray(0, 3), ...jpeg.subarray(-2)]).toEqual([0xff, 0xd8, 0xff, 0xff, 0xd9])
  expect(sizeOf(jpeg)).toEqual([width, height])

  const directory = mkdtempSync(join(tmpdir(), 'rollcall-native-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'red.jpg')
  writeFileSync(path, jpeg)
  const decoded = await firstFrame(
    `filesrc location=${path} ! jpegparse ! jpegdec ! videoconvert ! appsink name=frames`,
  )
  const { data } = decoded.picture
  const last = [1, 2, 3].map((plane) => data.at((plane * data.length) / 3 - 1))
  expect(last[0]).toBeGreaterThan(230)
  expect(last[1]).toBeLessThan(25)
  expect(last[2]).toBeLessThan(25)
  decoded.close()
})

test('quality decides the size; many can be under way at once', async () => {
  const frame = await firstFrame(
    'videotestsrc num-buffers=1 pattern=snow ! video/x-raw,format=I420,width=320,height=240 ! appsink name=frames',
  )
  const sizes = (await Promise.all([10, 50, 95].map((quality) => frame.encodeJpeg(quality)))).map(
    ({ length }) => length,
  )
  frame.close()
  expect(sizes).toEqual([...sizes].sort((a, b) => a - b))
  expect(new Set(sizes).size).toBe(3)
})

test('encodeJpeg rejects a closed frame and a quality that is none', async () => {
  const frame = await firstFrame(red(64, 64))
  await expect(frame.encodeJpeg(0)).rejects.toThrow('quality must be a number from 1 to 100')
  await expect(frame.encodeJpeg(101)).rejects.toThrow('quality must be')
  frame.close()
  await expect(frame.encodeJpeg(80)).rejects.toThrow('the frame is closed')
})
