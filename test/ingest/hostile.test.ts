import { readdirSync } from 'node:fs'
import type { Socket } from 'node:net'
import { filter, firstValueFrom, scan } from 'rxjs'
import { expect, onTestFinished, test } from 'vitest'
import { openCameras } from '../../src/ingest/cameras.ts'
import { cameraOptions } from '../../src/ingest/options.ts'
import { floodWith, peer, polite, reply, rtspPeer } from './relay/peers.ts'

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

const afterRequest = (then: (socket: Socket) => void) => peer((socket) => socket.once('data', () => then(socket)))
const http = 'HTTP/1.1 200 OK\r\nContent-Type: '
const parts = `${http}multipart/x-mixed-replace; boundary=b\r\n\r\n--b\r\nContent-Type: image/jpeg\r\n`

/** Peers that never let a client go, by what they do. */
const peers: Readonly<Record<string, () => Promise<string>>> = {
  'an endless header': async () => `rtsp://127.0.0.1:${await afterRequest((s) => floodWith(s, 'x'))}/s`,
  'endless headers': async () =>
    `rtsp://127.0.0.1:${await afterRequest((s) => {
      s.write('RTSP/1.0 200 OK\r\n')
      floodWith(s, 'X-More: 1\r\n')
    })}/s`,
  'a body of 3.9 GB': async () =>
    `rtsp://127.0.0.1:${await afterRequest((s) => {
      s.write('RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 3900000000\r\n\r\n')
      floodWith(s, 'v=0\r\n')
    })}/s`,
  'an endless description': async () =>
    `rtsp://127.0.0.1:${await rtspPeer((asked, s) => {
      if (asked.method !== 'DESCRIBE') return polite(asked)
      s.write('RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Type: application/sdp\r\nContent-Length: 260000\r\n\r\n')
      floodWith(s, 'a=x:y\r\n')
      return null
    })}/s`,
  silence: async () => `rtsp://127.0.0.1:${await peer(() => {})}/s`,
  'silence from DESCRIBE on': async () =>
    `rtsp://127.0.0.1:${await rtspPeer((asked) => (asked.method === 'OPTIONS' ? polite(asked) : null))}/s`,
  'no pictures, and no answer to TEARDOWN': async () =>
    `rtsp://127.0.0.1:${await rtspPeer((asked) => (asked.method === 'TEARDOWN' ? null : polite(asked)))}/s`,
  'packets without end after PLAY': async () =>
    `rtsp://127.0.0.1:${await rtspPeer((asked, s) => {
      if (asked.method !== 'PLAY') return polite(asked)
      s.write(polite(asked))
      floodWith(s, `$\0\0\x04abcd`)
      return null
    })}/s`,
  'challenges without end': async () =>
    `rtsp://a:b@127.0.0.1:${await rtspPeer((asked) =>
      reply(asked, '401 No', `WWW-Authenticate: Digest realm="x", nonce="${Math.random()}", stale=true\r\n`),
    )}/s`,
  'an endless HTTP header': async () =>
    `http://127.0.0.1:${await afterRequest((s) => {
      s.write('HTTP/1.1 200 OK\r\n')
      floodWith(s, 'X-More: 1\r\n')
    })}/s`,
  'a part without end': async () =>
    `http://127.0.0.1:${await afterRequest((s) => {
      s.write(`${parts}\r\n`)
      floodWith(s, 'x')
    })}/s`,
  'part headers without end': async () =>
    `http://127.0.0.1:${await afterRequest((s) => {
      s.write(parts)
      floodWith(s, 'X-More: 1\r\n')
    })}/s`,
  'a picture without end': async () =>
    `http://127.0.0.1:${await afterRequest((s) => {
      s.write(`${http}image/jpeg\r\n\r\n\xff\xd8`, 'latin1')
      floodWith(s, 'x')
    })}/s`,
  'an endless playlist': async () =>
    `http://127.0.0.1:${await afterRequest((s) => {
      s.write(`${http}application/vnd.apple.mpegurl\r\n\r\n#EXTM3U\n`)
      floodWith(s, '#x\n')
    })}/s`,
  'noise without end': async () =>
    `http://127.0.0.1:${await afterRequest((s) => {
      s.write(`${http}video/mp4\r\n\r\n`)
      floodWith(s, 'qwertz')
    })}/s`,
  'a redirection to itself': async () =>
    `http://127.0.0.1:${await afterRequest((s) => s.end('HTTP/1.1 302 Found\r\nLocation: /s\r\n\r\n'))}/s`,
}

const used = () => ({
  descriptors: readdirSync('/proc/self/fd').length,
  threads: readdirSync('/proc/self/task').length,
  megabytes: process.memoryUsage().rss / 1_048_576,
})

test('peers that never let go keep nothing: descriptors, threads and memory stay flat, and closing ends', async () => {
  const list = await Promise.all(
    Object.entries(peers).map(async ([name, open]) => ({
      name,
      options: cameraOptions.parse({
        url: await open(),
        connectTimeoutMs: 1000,
        backoff: { firstMs: 10, maxMs: 50, jitter: 0 },
      }),
    })),
  )
  const cameras = openCameras(list, { pictureSide: 320, untilEnd: false, log: silent })
  onTestFinished(() => cameras.close())
  const failures = cameras.changes$.pipe(
    filter(({ state }) => state === 'offline'),
    scan((counts, { camera }) => counts.set(camera, (counts.get(camera) ?? 0) + 1), new Map<string, number>()),
  )
  const rounds = (count: number) =>
    firstValueFrom(failures.pipe(filter((counts) => list.every(({ name }) => (counts.get(name) ?? 0) >= count))))
  const reasons = new Map<string, string>()
  cameras.changes$.subscribe(({ camera, reason, code }) => code && reasons.set(camera, reason))

  // The first rounds fill pools and caches.
  await rounds(3)
  const before = used()
  await rounds(10)
  const after = used()
  for (const { name } of list) expect(cameras.named(name).stats.pipelines, name).toBeLessThanOrEqual(1)
  // Whatever is open at this moment differs by chance; a leak would be ten times the number of cameras.
  expect(after.descriptors - before.descriptors).toBeLessThan(list.length * 4)
  expect(after.threads - before.threads).toBeLessThan(list.length * 4)
  expect(after.megabytes - before.megabytes).toBeLessThan(120)
  for (const { name } of list) expect(reasons.get(name), name).toMatch(/ — /)
  const closed = performance.now()
  await cameras.close()
  expect(performance.now() - closed).toBeLessThan(5000)
}, 120_000)
