import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { autoplugged } from '../../src/ingest/autoplugged.ts'
import { watch } from '../native/watch.ts'

const webcam = autoplugged('v4l2', false) ?? []
const size = 'video/x-raw,format=I420,width=64,height=48'

test.each([
  ['raw pictures', size],
  ['raw pictures of another layout', size.replace('I420', 'YUY2')],
  ['Motion JPEG', `${size} ! jpegenc`],
])('a webcam that gives %s is read', async (_, elements) => {
  const { of, until } = watch(
    `videotestsrc num-buffers=3 ! ${elements} ! decodebin ! videoconvert ! video/x-raw,format=I420 ! appsink name=frames`,
    { allowed: webcam },
  )
  await until('a frame', () => of('frame').length + of('error').length > 0)
  expect(of('error')).toEqual([])
})

test.each([
  ['a playlist', '#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n'.padEnd(900, '#')],
  ['a manifest', '<?xml version="1.0"?><SmoothStreamingMedia MajorVersion="2" MinorVersion="0"/>'.padEnd(900, ' ')],
])('a device that gives %s is none', async (_, text) => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-webcam-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  writeFileSync(join(directory, 'video'), text)
  const { of, until } = watch(`filesrc location=${directory}/video ! decodebin ! appsink name=frames`, {
    allowed: webcam,
  })
  await until('an error', () => of('error').length > 0)
  const elements = of('error').map(({ element }) => element)
  expect(elements.join()).not.toMatch(/hls|soup|mss/)
})

test('HLS is only for what is known to be a playlist, and nothing is chosen where the launch line names all', () => {
  expect(autoplugged('http', true)).toContain('hlsdemux')
  expect(autoplugged('http', false)).not.toContain('hlsdemux')
  expect([autoplugged('rtsp', false), autoplugged('file', false)]).toEqual([undefined, undefined])
})
