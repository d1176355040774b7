import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { containerOf } from '../../src/ingest/containers.ts'
import { gstLaunch, hasElements } from '../support/gst.ts'
import { play } from './play.ts'

const directory = mkdtempSync(join(tmpdir(), 'rollcall-containers-'))
afterAll(() => rmSync(directory, { recursive: true }))

const video = 'videotestsrc num-buffers=12 pattern=ball ! video/x-raw,format=I420,width=160,height=120,framerate=25/1'
const sound = 'audiotestsrc num-buffers=20 ! audio/x-raw,rate=44100,channels=1'
const h264 = `${video} ! openh264enc ! h264parse`
const mpeg2 = `${video} ! mpeg2enc format=3 ! mpegvideoparse`

/** The elements of a launch line. */
const elementsOf = (launch: string) => [...launch.matchAll(/! (\w+)(?= |$)/g)].map(([, element]) => element as string)
const canMake = (launch: string) => hasElements(...elementsOf(launch).filter((element) => element !== 'm'))

/** Makes a file by a launch line, in which `NAME` is its path. */
const make = async (name: string, launch: string): Promise<string> => {
  const file = join(directory, name)
  const { code, errors } = await gstLaunch(launch.replace('NAME', file))
  expect(code, errors).toBe(0)
  return file
}

const played = {
  'a.mp4': `${h264} ! mp4mux name=m ! filesink location=NAME ${sound} ! avenc_aac ! aacparse ! m.`,
  'a.mov': `${h264} ! qtmux ! filesink location=NAME`,
  'a.3gp': `${h264} ! 3gppmux ! filesink location=NAME`,
  'a.mkv': `${h264} ! matroskamux name=m ! filesink location=NAME ${sound} ! vorbisenc ! m.`,
  'a.webm': `${video} ! vp8enc deadline=1 ! webmmux ! filesink location=NAME`,
  'a.avi': `${video} ! jpegenc ! avimux ! filesink location=NAME`,
  'xvid.avi': `${video} ! avenc_mpeg4 ! mpeg4videoparse ! avimux ! filesink location=NAME`,
  'a.ts': `${h264} ! mpegtsmux name=m ! filesink location=NAME ${sound} ! avenc_ac3 ! ac3parse ! m.`,
  'mpeg2.ts': `${mpeg2} ! mpegtsmux ! filesink location=NAME`,
  'a.m2ts': `${h264} ! mpegtsmux m2ts-mode=true ! filesink location=NAME`,
  'a.mpg': `${h264} ! mpegpsmux name=m ! filesink location=NAME ${sound} ! avenc_mp2 ! mpegaudioparse ! m.`,
  'mpeg2.mpg': `${mpeg2} ! mpegpsmux ! filesink location=NAME`,
  'a.flv': `${h264} ! flvmux ! filesink location=NAME`,
  'a.ogg': `${video} ! vp8enc deadline=1 ! oggmux ! filesink location=NAME`,
  'a.mxf': `${h264} ! mxfmux ! filesink location=NAME`,
  'a.ivf': `${video} ! vp8enc deadline=1 ! avmux_ivf ! filesink location=NAME`,
  'a.multipart': `${video} ! jpegenc ! multipartmux ! filesink location=NAME`,
  'a.h264': `${h264} ! video/x-h264,stream-format=byte-stream ! filesink location=NAME`,
  'a.h265': `${video} ! x265enc speed-preset=ultrafast option-string=log-level=0 ! filesink location=NAME`,
  'a.obu': `${video} ! av1enc cpu-used=8 usage-profile=realtime ! av1parse ! video/x-av1,stream-format=obu-stream,alignment=tu ! filesink location=NAME`,
  'a.m4v': `${video} ! avenc_mpeg4 ! mpeg4videoparse ! filesink location=NAME`,
  'a.m2v': `${video} ! mpeg2enc ! filesink location=NAME`,
  'a.mjpeg': `${video} ! jpegenc ! filesink location=NAME`,
}

/** What the encoder of a launch line makes. */
const codecs: Readonly<Record<string, string>> = {
  openh264enc: 'H.264',
  x265enc: 'H.265',
  jpegenc: 'Motion JPEG',
  avenc_mpeg4: 'MPEG-4',
  mpeg2enc: 'MPEG-2',
  vp8enc: 'VP8',
  av1enc: 'AV1',
}
const codecMadeBy = (launch: string) => codecs[/(\w+)/.exec(launch.slice(video.length))?.[1] ?? '']

const refused = {
  'theora.ogv': [`${video} ! theoraenc ! oggmux ! filesink location=NAME`, 'holds Theora, no video'],
  'wmv.avi': [`${video} ! avenc_wmv2 ! avimux ! filesink location=NAME`, 'holds Windows Media Video, no video'],
  'a.wmv': [`${video} ! avenc_wmv2 ! asfmux ! filesink location=NAME`, 'is a Windows Media file'],
  'a.flv': [`${video} ! avenc_flv ! flvmux ! filesink location=NAME`, 'holds Sorenson H.263, no video'],
  'ffv1.mkv': [
    `${video} ! avenc_ffv1 ! matroskamux name=m ! filesink location=NAME ${sound} ! vorbisenc ! m.`,
    'holds FFV1 and sound, no video',
  ],
  'raw.avi': [`${video} ! avimux ! filesink location=NAME`, 'holds uncompressed video, no video'],
  'sound.m4a': [`${sound} ! avenc_aac ! aacparse ! mp4mux ! filesink location=NAME`, 'holds sound without pictures'],
  'sound.mka': [`${sound} ! vorbisenc ! matroskamux ! filesink location=NAME`, 'holds sound without pictures'],
} as const

describe('recordings', () => {
  test.each(Object.entries(played).filter(([, launch]) => canMake(launch)))(
    '%s is played',
    async (name, launch) => {
      const file = await make(name, launch)
      const { end, frames, codec } = await play(file)
      expect(end.reason).toBe('the recording is over')
      expect(frames).toBe(12)
      expect(codec).toBe(codecMadeBy(launch))
    },
    180_000,
  )

  test.each(Object.entries(refused).filter(([, [launch]]) => canMake(launch)))(
    '%s is named',
    async (name, [launch, says]) => {
      const file = await make(`refused-${name}`, launch)
      const { end, frames } = await play(file)
      expect(frames).toBe(0)
      expect(end.code).toBe('CAMERA_FORMAT')
      expect(end.reason).toContain(`${file} ${says}`)
      expect(end.reason).toMatch(/ — (Expected H.264.* Convert it|Convert it|Check the path)/)
      expect(end.reason).not.toMatch(/damaged|network|set the camera/)
    },
    180_000,
  )

  test('the content decides, not the name', async () => {
    const file = join(directory, 'a.jpg')
    writeFileSync(file, '#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n')
    const { end, ms } = await play(file)
    expect(end.reason).toContain('is a playlist (HLS)')
    expect(ms).toBeLessThan(5000)
  })
})

describe('over HTTP', () => {
  const padded = (text: string) => text.padEnd(2000)
  const manifests = {
    DASH: padded(
      '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1"><BaseURL>/elsewhere.mp4</BaseURL></Representation></AdaptationSet></Period></MPD>',
    ),
    'Smooth Streaming': padded(
      '<?xml version="1.0"?>\n<SmoothStreamingMedia MajorVersion="2" MinorVersion="0" Duration="0"><StreamIndex Type="video" Chunks="0" QualityLevels="0" Url="/elsewhere"></StreamIndex></SmoothStreamingMedia>',
    ),
    SDP: padded('v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=x\r\nm=video 5000 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n'),
  }

  test.each(Object.entries(manifests))('%s is followed nowhere', async (_, manifest) => {
    const asked: string[] = []
    const server = createServer(({ url = '' }, response) => {
      asked.push(url)
      response.end(manifest)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const { end, frames } = await play(`http://127.0.0.1:${port}/live`, { connectTimeoutMs: 3000 })
    expect(frames).toBe(0)
    expect(end.code).toMatch(/^CAMERA_/)
    expect(new Set(asked)).toEqual(new Set(['/live']))
  })
})

test.each([
  ['video/quicktime, variant=(string)iso', 'MP4'],
  ['video/mpeg, systemstream=(boolean)true, mpegversion=(int)2', 'MPEG program stream'],
  ['video/mpeg, systemstream=(boolean)false, mpegversion=(int)4', 'MPEG-4'],
  ['video/mpeg, systemstream=(boolean)false, mpegversion=(int)1', 'MPEG-2'],
  ['application/x-hls', undefined],
  ['application/dash+xml', undefined],
  ['application/vnd.ms-sstr+xml', undefined],
  ['application/sdp', undefined],
])('%s is %s', (caps, name) => {
  expect(containerOf(caps)?.name).toBe(name)
})
