import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { typeOf } from '../../native/index.js'
import { hasElements } from '../support/gst.ts'
import { watch } from './watch.ts'

const scratch = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-gate-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  return directory
}

const picture = (width: number, height: number) => `video/x-raw,format=I420,width=${width},height=${height}`

/** A VP8 key frame's first bytes (RFC 6386, 9.1): all that says how large the picture is. */
const vp8Header = (width: number, height: number) =>
  Uint8Array.of(0x10, 0, 0, 0x9d, 0x01, 0x2a, width & 255, width >> 8, height & 255, height >> 8, 0, 0, 0, 0)

describe('maxPixels', () => {
  const maxPixels = 320 * 240

  test.each([
    [320, 240, []],
    [321, 240, ['321x240']],
    [30_000, 30_000, ['30000x30000']],
  ])('%i×%i, declared before the decoder', async (width, height, refused) => {
    const { of, until } = watch(
      `videotestsrc num-buffers=1 ! ${picture(16, 16)} ! jpegenc ! capssetter join=false replace=true
       caps="image/jpeg,width=${width},height=${height}" ! appsink name=units`,
      { decode: 'appsrc name=units ! jpegdec ! appsink name=frames', maxPixels },
    )
    await until('an end', () => of('error').length + of('frame').length > 0)
    expect(of('error').map(({ debug }) => debug.split('\n').at(-1))).toEqual(refused)
  })

  test('declared by the picture itself, as VP8 is', async () => {
    const file = join(scratch(), 'large.vp8')
    writeFileSync(file, vp8Header(16_383, 16_383))
    const { of, until } = watch(
      `filesrc location=${file} ! queue ! capsfilter caps="video/x-vp8,width=16,height=16,framerate=25/1"
       ! appsink name=units`,
      { decode: 'appsrc name=units ! vp8dec ! appsink name=frames', maxPixels },
    )
    await until('an error', () => of('error').length > 0)
    expect(of('error')[0]).toMatchObject({ element: 'units', domain: 'gst-stream-error-quark', code: 5 })
    expect(of('error')[0]?.debug).toContain('16383x16383')
  })

  test('known after decoding only', async () => {
    const { of, until } = watch(
      `videotestsrc num-buffers=3 ! ${picture(640, 480)} ! videoconvert name=decoded ! appsink name=frames`,
      { maxPixels },
    )
    await until('an error', () => of('error').length > 0)
    expect(of('error')[0]).toMatchObject({ element: 'decoded' })
    expect(of('frame')).toEqual([])
  })

  test.each([0, -5, 'all'])('refuses %o', (value) => {
    expect(() => watch('fakesrc ! appsink name=frames', { maxPixels: value as number })).toThrow(/maxPixels must be/)
  })
})

describe('streams and formats are told', () => {
  test('each stream of a demuxer, then that there are no more, then the format', async () => {
    const file = join(scratch(), 'two.mkv')
    const made = spawnSync('gst-launch-1.0', [
      ...`-q videotestsrc num-buffers=5 ! ${picture(64, 48)} ! jpegenc ! matroskamux name=m ! filesink location=${file}`.split(
        ' ',
      ),
      ...'audiotestsrc num-buffers=5 ! vorbisenc ! m.'.split(' '),
    ])
    expect(made.status).toBe(0)
    const { of, until } = watch(
      `filesrc location=${file} ! matroskademux name=demux ! image/jpeg ! appsink name=units`,
      { decode: 'appsrc name=units ! jpegdec ! appsink name=frames' },
    )
    await until('a frame', () => of('frame').length > 0)
    const streams = of('stream').map(({ caps }) => caps?.split(',', 1)[0] ?? null)
    expect(streams).toEqual(['image/jpeg', 'audio/x-vorbis', null])
    expect(of('format')[0]?.caps).toMatch(/^image\/jpeg, .*width=\(int\)64/)
  })
})

describe('allowed', () => {
  const manifest = () => {
    const file = join(scratch(), 'door.mp4')
    writeFileSync(file, '#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n'.padEnd(900, '#'))
    return file
  }

  test.each(['parsebin', 'decodebin'])('%s plugs nothing else', async (bin) => {
    const file = manifest()
    const { of, until } = watch(`filesrc location=${file} ! ${bin} ! appsink name=frames`, { allowed: ['h264parse'] })
    await until('an error', () => of('error').length > 0)
    expect(
      of('error')
        .map(({ element }) => element)
        .join(),
    ).not.toMatch(/hls|soup/)
  })

  test.skipIf(!hasElements('openh264enc'))('what is allowed is plugged', async () => {
    const file = join(scratch(), 'a.mp4')
    spawnSync(
      'gst-launch-1.0',
      `-q videotestsrc num-buffers=5 ! ${picture(64, 48)} ! openh264enc ! h264parse ! mp4mux ! filesink location=${file}`.split(
        ' ',
      ),
    )
    const { of, until } = watch(`filesrc location=${file} ! decodebin ! videoconvert ! appsink name=frames`, {
      allowed: ['qtdemux', 'h264parse', 'avdec_h264'],
    })
    await until('a frame', () => of('frame').length + of('error').length > 0)
    expect(of('error')).toEqual([])
  })

  test('refuses what is no list', () => {
    expect(() => watch('fakesrc ! appsink name=frames', { allowed: 'all' as never })).toThrow(/allowed must be/)
  })
})

describe('typeOf', () => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  test.each([
    [bytes('\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2'), /^video\/quicktime/],
    [bytes('RIFF\x00\x10\x00\x00AVI LIST'), /^video\/x-msvideo/],
    [bytes('#EXTM3U\n#EXT-X-TARGETDURATION:9\n'.padEnd(900, '#')), /^application\/x-hls/],
  ])('%#', (head, caps) => {
    expect(typeOf(head)).toMatch(caps)
  })

  test('nothing, and nothing known', () => {
    expect(typeOf(new Uint8Array())).toBeNull()
    expect(typeOf(new Uint8Array(5000))).toBeNull()
  })

  test('refuses what are no bytes', () => {
    expect(() => typeOf('RIFF' as never)).toThrow(/Uint8Array/)
  })
})
