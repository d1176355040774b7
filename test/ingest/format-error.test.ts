import { describe, expect, test } from 'vitest'
import { parseCameraUrl } from '../../src/ingest/camera-url.ts'
import { chooseDecoders } from '../../src/ingest/codecs.ts'
import { formatName } from '../../src/ingest/format-name.ts'
import { createSeenStreams } from '../../src/ingest/seen-streams.ts'
import { emptyError, seenError, streamError } from '../../src/ingest/stream-error.ts'

const decoders = chooseDecoders(() => true)
const camera = parseCameraUrl('rtsp://10.0.0.5/s')
const file = parseCameraUrl('/clips/door.mp4')

const seenOf = (streams: readonly (string | null)[], format: string | null = null, frames = 0) => {
  const seen = createSeenStreams(decoders)
  for (const caps of streams) seen.note({ type: 'stream', caps })
  if (format !== null) seen.note({ type: 'format', caps: format })
  for (let i = 0; i < frames; i++) seen.note({ type: 'frame' })
  return seen
}

const said = (code: number, debug = '', message = '') => ({
  domain: 'gst-stream-error-quark',
  code,
  message,
  debug,
  element: 'x',
})

const rtp = (encoding: string) => `application/x-rtp, media=(string)video, encoding-name=(string)${encoding}`
const deep =
  'video/x-h264, width=(int)64, chroma-format=(string)4:2:2, bit-depth-luma=(uint)14, bit-depth-chroma=(uint)14'

test.each([
  [deep, '14-bit 4:2:2 H.264'],
  ['video/x-h265, chroma-format=(string)4:0:0, bit-depth-luma=(uint)10, bit-depth-chroma=(uint)0', '10-bit grey H.265'],
  ['video/x-h264, chroma-format=(string)4:0:0, bit-depth-luma=(uint)8, bit-depth-chroma=(uint)0', 'grey H.264'],
  ['image/jpeg, sampling=(string)YCbCr-4:2:2', '4:2:2 Motion JPEG'],
  ['video/mpeg, mpegversion=(int)4, systemstream=(boolean)false', 'MPEG-4'],
  ['video/mpeg, mpegversion=(int)2, systemstream=(boolean)false', 'MPEG-2'],
  ['video/x-wmv, wmvversion=(int)3', 'Windows Media Video'],
  ['video/x-something', 'something'],
  ['audio/mpeg, mpegversion=(int)4', 'sound'],
  [rtp('H265'), 'H.265'],
  [rtp('MP2T'), 'MP2T'],
  ['application/x-rtp, media=(string)audio, encoding-name=(string)PCMU', 'sound'],
])('%s is called %s', (caps, name) => {
  expect(formatName(caps)).toBe(name)
})

describe('a remedy that helps', () => {
  test('a camera that sends H.264 is not told to send H.264', () => {
    const error = seenError(camera, seenOf([rtp('H264')], deep))
    expect(error?.message).toBe('what the camera sends is 14-bit 4:2:2 H.264, which cannot be decoded here')
    expect(error?.remedy).toBe('Set its encoder to 8 bits and 4:2:0 (profile Main or High).')
  })

  test('another encoding is', () => {
    const grey = 'video/x-h265, chroma-format=(string)4:0:0, bit-depth-luma=(uint)10'
    expect(seenError(camera, seenOf([rtp('H265')], grey))?.remedy).toContain('Set the camera to H.264')
    expect(seenError(camera, seenOf([rtp('MP2T'), null]))?.message).toBe(
      'the camera sends MP2T, no video that is read here',
    )
  })

  test('a decoder that is not installed can be', () => {
    const seen = createSeenStreams(decoders.filter(({ codec }) => codec.name !== 'H.265'))
    seen.note({ type: 'stream', caps: 'video/x-h265, stream-format=(string)hvc1' })
    seen.note({ type: 'stream', caps: null })
    const error = seenError(file, seen)
    expect(error?.message).toContain('holds H.265, and the decoder of H.265 is not installed')
    expect(error?.remedy).toMatch(/^apt-get install .*libav/)
  })

  test('while a stream may still come, and where one is read, nothing is wrong', () => {
    expect(seenError(file, seenOf(['audio/mpeg']))).toBeNull()
    expect(seenError(file, seenOf(['audio/mpeg', 'video/x-h264', null]))).toBeNull()
    expect(seenError(file, seenOf([], 'video/x-vp8'))).toBeNull()
  })

  test('a decoder that gives up at once has not been given damaged data; later it has', () => {
    const flow = said(1, 'streaming stopped, reason error (-5)', 'Internal data stream error.')
    const jpeg = 'image/jpeg, width=(int)64'
    expect(streamError(file, flow, seenOf([], jpeg)).message).toContain('is Motion JPEG, which cannot be decoded here')
    expect(streamError(file, said(7), seenOf([], jpeg, 3)).message).toContain('is damaged from here on')
    expect(streamError(file, flow, seenOf([], jpeg, 3)).message).toContain('cannot be read further')
  })

  test('a recording that ends without a picture has a reason', () => {
    expect(emptyError(file, seenOf([])).message).toBe('/clips/door.mp4 holds no picture')
    expect(emptyError(file, seenOf([], 'image/jpeg')).message).toContain('is Motion JPEG')
  })

  test('no file has a network', () => {
    for (const domain of [
      'gst-stream-error-quark',
      'gst-core-error-quark',
      'gst-resource-error-quark',
      'gst-library-error-quark',
    ]) {
      for (let code = 1; code <= 16; code++) {
        for (const seen of [seenOf([]), seenOf(['audio/mpeg', null]), seenOf([], deep), seenOf([], 'image/jpeg', 2)]) {
          const { message, remedy } = streamError(file, { ...said(code, 'not-linked', 'Odd. Very.'), domain }, seen)
          expect(`${message} ${remedy}`).not.toMatch(/network|the camera/)
          expect(remedy).toBeTruthy()
        }
      }
    }
  })
})
