import { describe, expect, test } from 'vitest'
import { parseCameraUrl } from '../../src/ingest/camera-url.ts'
import { chooseDecoders } from '../../src/ingest/codecs.ts'
import { type LaunchLines, launchLines } from '../../src/ingest/launch.ts'
import { cameraOptions } from '../../src/ingest/options.ts'
import { quote } from '../../src/ingest/quote.ts'

const decoders = chooseDecoders(() => true)
const only264 = decoders.filter(({ codec }) => codec.name === 'H.264')

const linesOf = (url: string, options: object = {}, more: object = {}): LaunchLines =>
  launchLines({
    url: parseCameraUrl(url),
    camera: cameraOptions.parse({ url, ...options }),
    decoders: only264,
    file: url.includes('://') ? null : { demux: 'qtdemux', caps: 'video/quicktime' },
    paced: false,
    live: url.includes('://'),
    ...more,
  })
const lineOf = (...of: Parameters<typeof linesOf>): string => {
  const { receive, decode } = linesOf(...of)
  return decode === null ? receive : `${receive} ! ${decode}`
}

test('a file, in full', () => {
  expect(lineOf('/clips/door.mp4').split(' ! ')).toEqual([
    String.raw`filesrc location="\"/clips/door.mp4\""`,
    'qtdemux name=demux',
    String.raw`capsfilter caps="\"video/x-h264\""`,
    String.raw`switchbin num-paths=1 path0::caps="\"video/x-h264\"" path0::element="h264parse config-interval=-1`,
    String.raw`capsfilter caps=\"video/x-h264,stream-format=(string)byte-stream,alignment=(string)au\""`,
    'appsink name=units',
    'appsrc name=units is-live=false',
    `switchbin num-paths=2 path0::caps=${quote(only264[0]?.codec.formats.join(';') ?? '')} path0::element="avdec_h264 max-threads=1" path1::caps=${quote('video/x-h264')}`,
    'videoconvert name=decoded',
    'video/x-raw,format=(string){I420,NV12}',
    'videoflip video-direction=auto',
    'videoscale',
    'video/x-raw,format=(string){I420,NV12},pixel-aspect-ratio=1/1',
    'appsink name=frames',
  ])
})

describe('RTSP', () => {
  const source = (url: string, options?: object) => lineOf(url, options).split(' ! ')[0]

  test('GStreamer is given the relay instead of the camera, and no credentials', () => {
    const relay = { location: 'rtsp://127.0.0.1:1234/s', secret: 'a"b' }
    const line = lineOf('rtsps://admin:hunter2@cam/s', {}, { relay })
    expect(line).toContain(String.raw`location="\"rtsp://127.0.0.1:1234/s\"" user-agent="\"a\\\"b\""`)
    expect(line).not.toMatch(/hunter2|admin|cam/)
  })

  test('decoders hold no pictures back, unlike those of a recording', () => {
    expect(lineOf('rtsp://cam/s')).toContain('appsrc name=units is-live=true')
    expect(lineOf('/clips/door.mp4')).toContain('appsrc name=units is-live=false')
  })

  test('low delay, the camera’s clock, and an end to waiting', () => {
    const line = source('rtsp://cam/s', { latencyMs: 50, connectTimeoutMs: 4000 })
    expect(line).toContain('protocols=tcp latency=50 tcp-timeout')
    expect(line).toContain('add-reference-timestamp-meta=true')
    expect(line).toContain('tcp-timeout=3000000')
  })

  test.each([
    ['tcp', 'protocols=tcp '],
    ['udp', 'protocols=udp '],
    ['auto', 'protocols=tcp+udp '],
  ])('transport %s', (transport, expected) => {
    expect(source('rtsp://cam/s', { transport })).toContain(expected)
  })

  test('only video gets in', () => {
    const caps = 'application/x-rtp,media=(string)video,encoding-name=(string)'
    const line = lineOf('rtsp://cam/s', {}, { decoders })
    for (const encoding of ['H264', 'H265', 'JPEG', 'MP4V-ES', 'VP8', 'VP9']) expect(line).toContain(caps + encoding)
  })
})

describe('the picture', () => {
  test('the rate is limited by the addon: videorate ends the process on frames without a duration', () => {
    expect(lineOf('a.mp4', { maxFps: 5 })).toBe(lineOf('a.mp4'))
  })

  test.each([
    [0, null],
    [90, '90r'],
    [180, '180'],
    [270, '90l'],
  ])('turned by %i', (rotate, direction) => {
    const line = lineOf('a.mp4', { rotate })
    if (direction === null) expect(line).not.toContain('videoflip')
    else expect(line).toContain(`videoflip video-direction=${direction} !`)
  })

  test('a recording in its own time follows the clock', () => {
    expect(linesOf('a.mp4', {}, { paced: true }).receive).toContain('! clocksync ! appsink name=units')
    expect(lineOf('a.mp4')).not.toContain('clocksync')
  })
})

test('a webcam decides itself what it gives', () => {
  const { receive, decode } = linesOf('v4l2:///dev/video2')
  expect(receive).toMatch(
    /^v4l2src device="\\"\/dev\/video2\\"" ! decodebin ! videoconvert name=decoded ! .* ! videoflip/,
  )
  expect(decode).toBeNull()
})

test('an elementary stream is what its caps say', () => {
  const line = lineOf('a.h264', {}, { file: { demux: null, caps: 'video/x-h264,stream-format=byte-stream' } })
  expect(line).toMatch(
    /^filesrc location=\S+ ! queue ! capsfilter caps="\\"video\/x-h264,stream-format=byte-stream\\"" ! /,
  )
  expect(line).not.toContain('demux')
})

test('HTTP: by the relay, timeouts in seconds', () => {
  const relay = { location: 'http://127.0.0.1:1234/secret/x.m3u8', secret: 'secret' }
  expect(lineOf('https://u:p@cam/x.m3u8', { tlsVerify: false, connectTimeoutMs: 2500 }, { relay })).toMatch(
    /^souphttpsrc location="\\"http:\/\/127.0.0.1:1234\/secret\/x.m3u8\\"" timeout=3 retries=0 ! parsebin/,
  )
})
