import { createCipheriv } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { gstLaunch, hasElements } from '../support/gst.ts'
import { play } from './play.ts'

const directory = mkdtempSync(join(tmpdir(), 'rollcall-test-'))
afterAll(() => rmSync(directory, { recursive: true }))

/** A second of video. */
const make = async (muxer: string): Promise<Buffer> => {
  const file = join(directory, `${muxer.slice(0, muxer.indexOf('mux'))}.video`)
  const source = 'videotestsrc num-buffers=10 ! video/x-raw,width=64,height=48,framerate=10/1 ! openh264enc ! h264parse'
  const { code, errors } = await gstLaunch(`${source} ! ${muxer} ! filesink location=${file}`, 120_000)
  if (code !== 0) throw new Error(errors)
  return readFileSync(file)
}

let ts: Buffer = Buffer.alloc(0)
let mp4: Buffer = Buffer.alloc(0)
const canMake = hasElements('openh264enc', 'hlsdemux', 'mpegtsmux', 'mp4mux')
beforeAll(async () => {
  if (!canMake) return
  ts = await make('mpegtsmux')
  mp4 = await make('mp4mux fragment-duration=1000 streamable=true')
}, 150_000)

/** Answers ranges, as every server of byte-range playlists does. */
const watch = async (answers: Readonly<Record<string, string | Buffer>>) => {
  const server = createServer(({ url = '', headers: { range } }, response) => {
    const body = answers[url] === undefined ? null : Buffer.from(answers[url])
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? []
    if (body === null) return response.writeHead(404).end()
    if (range === undefined) return response.end(body)
    const part = body.subarray(Number(from), to === '' ? body.length : Number(to) + 1)
    const last = Number(from) + part.length - 1
    return response.writeHead(206, { 'content-range': `bytes ${from}-${last}/${body.length}` }).end(part)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await play(`http://127.0.0.1:${(server.address() as AddressInfo).port}/list.m3u8`, {
      connectTimeoutMs: 8000,
    })
  } finally {
    server.close().closeAllConnections()
  }
}

const playlist = (...lines: string[]): string =>
  ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-TARGETDURATION:1', ...lines, '#EXT-X-ENDLIST', ''].join('\n')

const key = Buffer.from('0123456789abcdef')
const encrypted = (data: Buffer): Buffer => {
  const cipher = createCipheriv('aes-128-cbc', key, Buffer.alloc(16))
  return Buffer.concat([cipher.update(data), cipher.final()])
}
const keyLine = (method: string): string => `#EXT-X-KEY:METHOD=${method},URI="key",IV=0x${'0'.repeat(32)}`

/** The initialisation of a fragmented MP4: what comes before its first fragment. */
const initOf = (data: Buffer): Buffer => data.subarray(0, data.indexOf('moof') - 4)

describe.skipIf(!canMake)('segments of HLS', () => {
  test.concurrent('that are encrypted (AES-128) give pictures', async () => {
    const list = playlist(keyLine('AES-128'), '#EXTINF:1,', 'a.ts')
    const { frames } = await watch({ '/list.m3u8': list, '/key': key, '/a.ts': encrypted(ts) })
    expect(frames).toBeGreaterThan(5)
  })

  test.concurrent('that are ranges of one file give pictures', async () => {
    const list = playlist('#EXTINF:1,', `#EXT-X-BYTERANGE:${ts.length}@188`, 'all.ts')
    const { frames } = await watch({ '/list.m3u8': list, '/all.ts': Buffer.concat([Buffer.alloc(188), ts]) })
    expect(frames).toBeGreaterThan(5)
  })

  test.concurrent('that are fragments of MP4 give pictures', async () => {
    const init = initOf(mp4)
    const list = playlist('#EXT-X-MAP:URI="init.mp4"', '#EXTINF:1,', 'a.m4s')
    const { frames } = await watch({ '/list.m3u8': list, '/init.mp4': init, '/a.m4s': mp4.subarray(init.length) })
    expect(frames).toBeGreaterThan(5)
  })

  test.concurrent('whose key is wrong are told', async () => {
    const list = playlist(keyLine('AES-128'), '#EXTINF:1,', 'a.ts')
    const { frames, end } = await watch({ '/list.m3u8': list, '/key': Buffer.alloc(16), '/a.ts': encrypted(ts) })
    expect(frames).toBe(0)
    expect(end).toMatchObject({
      code: 'CAMERA_FORMAT',
      reason: expect.stringMatching(/encrypted \(AES-128\).*Check that the key/),
    })
  })

  test.concurrent('whose key is missing are told', async () => {
    const list = playlist(keyLine('AES-128'), '#EXTINF:1,', 'a.ts')
    const { frames, end } = await watch({ '/list.m3u8': list, '/a.ts': encrypted(ts) })
    expect(frames).toBe(0)
    expect(end).toMatchObject({ code: 'CAMERA_NOT_FOUND', reason: expect.stringContaining('HTTP 404') })
  })
})
