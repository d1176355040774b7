import { describe, expect, test } from 'vitest'
import { describeError } from '../../src/errors.ts'
import { parseCameraUrl } from '../../src/ingest/camera-url.ts'
import { createSeenStreams } from '../../src/ingest/seen-streams.ts'
import { launchError, streamError } from '../../src/ingest/stream-error.ts'

const rtsp = parseCameraUrl('rtsp://admin:hunter2@10.0.0.5:554/s')
const http = parseCameraUrl('http://10.0.0.5/x')
const file = parseCameraUrl('/clips/door.mp4')
const webcam = parseCameraUrl('v4l2:///dev/video0')

const said = (domain: 'resource' | 'stream' | 'core', code: number, message = '', debug = '', element = 'source0') => ({
  domain: `gst-${domain}-error-quark`,
  code,
  message,
  debug,
  element,
})

/** As GStreamer 1.22 said them to the simulator, GStreamer's own server, files and closed ports. */
const broken = 'Internal data stream error.'
test.each([
  [rtsp, said('resource', 9, '', 'Could not receive any UDP packets for 5 s'), 'CAMERA_TIMEOUT', /no UDP packets/],
  [rtsp, said('resource', 9, 'Could not read from resource.'), 'CAMERA_LOST', /\(Could not read from resource\)/],
  [rtsp, said('stream', 1, broken, 'streaming stopped, reason not-linked (-1)'), 'CAMERA_FORMAT', /no video that/],
  [http, said('stream', 5, 'This appears to be a text file'), 'CAMERA_FORMAT', /what it sends is no video/],
  [file, said('stream', 4, 'Could not determine type of stream.'), 'CAMERA_FORMAT', /door\.mp4 is no video/],
  [file, said('stream', 4, 'Stream contains no data.'), 'CAMERA_FORMAT', /door\.mp4 is empty/],
  [file, said('stream', 9, 'This file contains no playable streams.'), 'CAMERA_FORMAT', /is damaged/],
  [file, said('resource', 3, 'Resource not found.'), 'CAMERA_NOT_FOUND', /no file \/clips\/door\.mp4/],
  [file, said('resource', 5, '"/clips" is a directory.'), 'CAMERA_NOT_FOUND', /is a directory/],
  [file, said('resource', 5, 'Could not open file'), 'CAMERA_NOT_FOUND', /cannot be read/],
  [webcam, said('resource', 3, 'Cannot identify device'), 'CAMERA_NOT_FOUND', /no device \/dev\/video0/],
  [webcam, said('resource', 4, 'Device is busy'), 'CAMERA_UNREACHABLE', /in use/],
  [file, said('core', 12, 'Missing element'), 'CAMERA_FORMAT', /plugin/],
  [webcam, said('resource', 9, 'Gone.'), 'CAMERA_LOST', /video0 gives no more pictures \(Gone\)/],
  [file, said('core', 99, 'Something new. Details'), 'CAMERA_LOST', /\(Something new\)/],
  [file, { ...said('core', 1, 'Odd'), domain: 'my-quark' }, 'CAMERA_LOST', /Odd/],
] as const)('%#: %o', (url, message, code, text) => {
  const error = streamError(url, message, createSeenStreams([]))
  expect(error).toMatchObject({ code, message: expect.stringMatching(text) })
  expect(error.remedy).toBeTruthy()
  if (url.kind === 'file') expect(error.remedy).not.toContain('network')
})

describe('packets of another codec than is described', () => {
  const message = (code: number, text: string) => ({
    ...said('core', code, text),
    domain: 'rollcall-codec-error-quark',
  })
  test.each([
    [264, 'describes H.265, and sends H.264'],
    [265, 'describes H.264, and sends H.265'],
  ])('are told by the code, %i, whatever the words', (code, says) => {
    for (const words of ['', 'Die Pakete sind von einem anderen Codec.'])
      expect(streamError(rtsp, message(code, words), createSeenStreams([])).message).toContain(says)
  })

  test('no other error is taken for it by its words', () => {
    const error = streamError(rtsp, said('stream', 1, 'packets of another codec: H265'), createSeenStreams([]))
    expect(error.message).not.toContain('sends H.265')
  })
})

describe('credentials', () => {
  test('GStreamer’s own words are kept as the cause, without them', () => {
    const chatter = said('resource', 1, 'Failed', 'rtsp://admin:hunter2@10.0.0.5 said hunter2 is wrong', 'rtspsrc0')
    const error = streamError(rtsp, chatter, createSeenStreams([]))
    expect((error.cause as Error).message).toBe('rtspsrc0: Failed rtsp://***@10.0.0.5 said *** is wrong')
    expect(describeError(error)).not.toContain('hunter2')
  })

  test('also those of a launch line that is not accepted', () => {
    const error = launchError(rtsp, new Error('could not set property "user-pw" to "hunter2"'))
    expect(error.code).toBe('PIPELINE')
    expect(error.message).toContain('user-pw')
    expect(error.message).not.toContain('hunter2')
  })
})

test.each([
  ['avdec_h264', 'gstreamer1.0-libav'],
  ['rtspsrc', 'gstreamer1.0-plugins-good'],
  ['switchbin', 'gstreamer1.0-plugins-bad'],
  ['videoconvert', 'gstreamer1.0-plugins-base'],
])('a missing %s names the package that has it', (element, name) => {
  const error = launchError(rtsp, new Error(`no element "${element}"`))
  expect(error).toMatchObject({ code: 'NATIVE_MISSING', remedy: expect.stringMatching(new RegExp(`${name}$`)) })
})
