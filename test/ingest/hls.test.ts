import { execFileSync } from 'node:child_process'
import { createCipheriv } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasElements } from '../support/gst.ts'
import { play } from './play.ts'

/** One second of video as a transport stream. */
let segment: Buffer
let segmentFile: string
let directory: string

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'rollcall-test-'))
  const file = join(directory, 'a.ts')
  const launch = `-q videotestsrc num-buffers=10 ! video/x-raw,width=64,height=48,framerate=10/1 ! openh264enc ! h264parse ! mpegtsmux ! filesink location=${file}`
  execFileSync('gst-launch-1.0', launch.split(' '))
  segment = readFileSync(file)
  segmentFile = file
})

/** Tests that run beside each other have no end of their own at which to close them. */
const servers: Server[] = []

afterAll(() => {
  for (const server of servers) server.close().closeAllConnections()
  rmSync(directory, { recursive: true, force: true })
})

type Answers = Readonly<Record<string, string | Buffer | { readonly type: string; readonly body: string | Buffer }>>

/** A server of files; gives its port, and the paths that were asked for. */
const serving = async (answersOf: (port: number) => Answers) => {
  const asked: string[] = []
  const server = createServer(({ url = '' }, response) => {
    asked.push(url)
    const answer = answersOf((server.address() as AddressInfo).port)[url]
    if (answer === undefined) response.writeHead(404).end()
    else if (typeof answer === 'string' || Buffer.isBuffer(answer)) response.end(answer)
    else response.writeHead(200, { 'content-type': answer.type }).end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  servers.push(server)
  return { port: (server.address() as AddressInfo).port, asked }
}

const playlist = (...lines: string[]): string =>
  ['#EXTM3U', '#EXT-X-VERSION:6', '#EXT-X-TARGETDURATION:1', ...lines, '#EXT-X-ENDLIST', ''].join('\n')

/** The camera is at 127.0.0.1; the other host, at which everything is, is called localhost. */
const watch = async (answersOf: (other: string) => Answers, options: object = {}) => {
  const other = await serving(() => ({
    '/a.ts': segment,
    '/key': Buffer.alloc(16),
    '/b.m3u8': playlist('#EXTINF:1,', '/a.ts'),
  }))
  const camera = await serving(() => answersOf(`http://localhost:${other.port}`))
  const played = await play(`http://127.0.0.1:${camera.port}/list.m3u8`, { connectTimeoutMs: 4000, ...options })
  return { ...played, asked: camera.asked, askedElsewhere: other.asked }
}

describe.skipIf(!hasElements('openh264enc', 'hlsdemux'))('HLS', () => {
  test.concurrent('plays what is on the camera', async () => {
    const { frames, end } = await watch(() => ({ '/list.m3u8': playlist('#EXTINF:1,', 'a.ts'), '/a.ts': segment }))
    expect([frames > 5, end.reason]).toEqual([true, expect.any(String)])
  })

  test.concurrent('plays what is on an allowed host', async () => {
    const { frames } = await watch((other) => ({ '/list.m3u8': playlist('#EXTINF:1,', `${other}/a.ts`) }), {
      redirectHosts: ['localhost'],
    })
    expect(frames).toBeGreaterThan(5)
  })

  const variants = (...lines: string[]): string => ['#EXTM3U', ...lines, ''].join('\n')
  const elsewhere: readonly (readonly [string, (other: string) => Answers])[] = [
    ['a segment', (other) => ({ '/list.m3u8': playlist('#EXTINF:1,', `${other}/a.ts`) })],
    ['a segment without a scheme', (other) => ({ '/list.m3u8': playlist('#EXTINF:1,', `${other.slice(5)}/a.ts`) })],
    ['a variant', (other) => ({ '/list.m3u8': variants('#EXT-X-STREAM-INF:BANDWIDTH=1', `${other}/b.m3u8`) })],
    [
      'a variant of a variant',
      (other) => ({
        '/list.m3u8': variants('#EXT-X-STREAM-INF:BANDWIDTH=1', 'b.m3u8'),
        '/b.m3u8': playlist('#EXTINF:1,', `${other}/a.ts`),
      }),
    ],
    [
      'a key',
      (other) => ({
        '/list.m3u8': playlist(`#EXT-X-KEY:METHOD=AES-128,URI="${other}/key"`, '#EXTINF:1,', 'a.ts'),
        '/a.ts': segment,
      }),
    ],
  ]
  test.concurrent.each(elsewhere)('%s on another host is not asked for, and it is said', async (_, answers) => {
    const { frames, end, askedElsewhere } = await watch(answers)
    expect(askedElsewhere).toEqual([])
    expect(frames).toBe(0)
    expect(end).toMatchObject({
      code: 'CAMERA_REFUSED',
      reason: expect.stringMatching(/names another host in its playlist, localhost.*redirectHosts/),
    })
  })

  test.concurrent('a file of this machine is not read', async () => {
    const { frames, end } = await watch(() => ({ '/list.m3u8': playlist('#EXTINF:1,', `file://${segmentFile}`) }))
    expect(frames).toBe(0)
    expect(end.reason).toMatch(/names another kind of URL in its playlist \(file:/)
  })

  const encryptedWith = (key: Buffer, body: Buffer): Buffer => {
    const cipher = createCipheriv('aes-128-cbc', key, Buffer.alloc(16))
    return Buffer.concat([cipher.update(body), cipher.final()])
  }
  const keyed = (method: string): string =>
    playlist(`#EXT-X-KEY:METHOD=${method},URI="key",IV=0x${'0'.repeat(32)}`, '#EXTINF:1,', 'a.ts')

  const isKey = /encrypted \(AES-128\), and gives no video with the key.*EXT-X-KEY/
  const isSampleAes = /SAMPLE-AES, which is not read/
  test.concurrent.each([
    ['a wrong key', 'AES-128', Buffer.alloc(16, 1), isKey],
    ['a key that is too short', 'AES-128', Buffer.alloc(5, 1), isKey],
    ['SAMPLE-AES', 'SAMPLE-AES', Buffer.alloc(16), isSampleAes],
    ['SAMPLE-AES-CTR', 'SAMPLE-AES-CTR', Buffer.alloc(16), isSampleAes],
  ] as const)('%s is told', async (_, method, key, reason) => {
    const files = { '/key': key, '/a.ts': encryptedWith(Buffer.alloc(16), segment) }
    const { frames, end } = await watch(() => ({ '/list.m3u8': keyed(method), ...files }))
    expect([frames, end.code, end.reason]).toEqual([0, 'CAMERA_FORMAT', expect.stringMatching(reason)])
    const master = variants('#EXT-X-STREAM-INF:BANDWIDTH=1', 'b.m3u8')
    const nested = await watch(() => ({ '/list.m3u8': master, '/b.m3u8': keyed(method), ...files }))
    expect(nested.end.reason).toMatch(reason)
  })

  test.concurrent('what is encrypted with the key that is named plays', async () => {
    const files = { '/key': Buffer.alloc(16), '/a.ts': encryptedWith(Buffer.alloc(16), segment) }
    const { frames } = await watch(() => ({ '/list.m3u8': keyed('AES-128'), ...files }))
    expect(frames).toBeGreaterThan(5)
  })

  const hidden = (other: string) => playlist('#EXTINF:1,', `${other}/a.ts`).padEnd(2000, '#')
  const encrypted = (text: string): Buffer => {
    const cipher = createCipheriv('aes-128-cbc', Buffer.alloc(16), Buffer.alloc(16))
    return Buffer.concat([cipher.update(text), cipher.final()])
  }
  const disguised: readonly (readonly [string, (other: string) => Answers])[] = [
    ['as a segment', (other) => ({ '/list.m3u8': playlist('#EXTINF:1,', 'a.ts'), '/a.ts': hidden(other) })],
    [
      'as an encrypted segment',
      (other) => ({
        '/list.m3u8': playlist(`#EXT-X-KEY:METHOD=AES-128,URI="key",IV=0x${'0'.repeat(32)}`, '#EXTINF:1,', 'a.ts'),
        '/key': Buffer.alloc(16),
        '/a.ts': encrypted(hidden(other)),
      }),
    ],
    [
      'as a part of a segment',
      (other) => ({
        '/list.m3u8': playlist('#EXTINF:1,', '#EXT-X-BYTERANGE:2000@5', 'a.ts'),
        '/a.ts': `12345${hidden(other)}`,
      }),
    ],
    ['behind a tag', (other) => ({ '/list.m3u8': `ID3\x04\0\0\0\0\0\0${hidden(other)}` })],
    [
      'in a multipart stream that is called a video',
      (other) => ({
        '/list.m3u8': {
          type: 'video/mp4',
          body: `--b\r\nContent-Type: application/x-hls\r\nContent-Length: 2000\r\n\r\n${hidden(other)}\r\n--b\r\n`,
        },
      }),
    ],
  ]
  test.concurrent.each(disguised)('a playlist %s is not followed', async (_, answers) => {
    const { frames, end, askedElsewhere } = await watch(answers)
    expect([askedElsewhere, frames]).toEqual([[], 0])
    expect(end.reason).toBeTruthy()
  })
})

test('a manifest is named at once', async () => {
  const { port } = await serving(() => ({
    '/list.m3u8': '<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"/>',
  }))
  const { end } = await play(`http://127.0.0.1:${port}/list.m3u8`)
  expect(end).toMatchObject({
    code: 'CAMERA_FORMAT',
    reason: expect.stringMatching(/manifest \(DASH or Smooth Streaming\)/),
  })
})
