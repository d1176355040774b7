import { readdirSync } from 'node:fs'
import type { Socket } from 'node:net'
import { filter, firstValueFrom, scan } from 'rxjs'
import { expect, onTestFinished, test } from 'vitest'
import { flood } from '../../simulator/flood.ts'
import { loadPersonalities } from '../../simulator/personalities.ts'
import { startPersonality } from '../../simulator/start-personality.ts'
import { openCameras } from '../../src/ingest/cameras.ts'
import { cameraOptions } from '../../src/ingest/options.ts'
import { silent } from '../../src/silent-log.ts'
import { syntheticLoop } from '../simulator/synthetic-loop.ts'
import { peer } from './relay/peers.ts'

const afterRequest = (then: (socket: Socket) => void) => peer((socket) => socket.once('data', () => then(socket)))
const http = 'HTTP/1.1 200 OK\r\nContent-Type: '
const parts = `${http}multipart/x-mixed-replace; boundary=b\r\n\r\n--b\r\nContent-Type: image/jpeg\r\n`

/** Peers over HTTP that never let a client go, by what they do. Those over RTSP are personalities of the simulator. */
const peers: Readonly<Record<string, () => Promise<string>>> = {
  'an endless HTTP header': async () =>
    `http://127.0.0.1:${await afterRequest((s) => {
      s.write('HTTP/1.1 200 OK\r\n')
      flood(s, 'X-More: 1\r\n')
    })}/s`,
  'a part without end': async () =>
    `http://127.0.0.1:${await afterRequest((s) => {
      s.write(`${parts}\r\n`)
      flood(s, 'x')
    })}/s`,
  'part headers without end': async () =>
    `http://127.0.0.1:${await afterRequest((s) => {
      s.write(parts)
      flood(s, 'X-More: 1\r\n')
    })}/s`,
  'a picture without end': async () =>
    `http://127.0.0.1:${await afterRequest((s) => {
      s.write(`${http}image/jpeg\r\n\r\n\xff\xd8`, 'latin1')
      flood(s, 'x')
    })}/s`,
  'an endless playlist': async () =>
    `http://127.0.0.1:${await afterRequest((s) => {
      s.write(`${http}application/vnd.apple.mpegurl\r\n\r\n#EXTM3U\n`)
      flood(s, '#x\n')
    })}/s`,
  'noise without end': async () =>
    `http://127.0.0.1:${await afterRequest((s) => {
      s.write(`${http}video/mp4\r\n\r\n`)
      flood(s, 'qwertz')
    })}/s`,
  'a redirection to itself': async () =>
    `http://127.0.0.1:${await afterRequest((s) => s.end('HTTP/1.1 302 Found\r\nLocation: /s\r\n\r\n'))}/s`,
}

const used = () => ({
  descriptors: readdirSync('/proc/self/fd').length,
  threads: readdirSync('/proc/self/task').length,
  megabytes: process.memoryUsage().rss / 1_048_576,
})

const patience = { connectTimeoutMs: 1000, backoff: { firstMs: 10, maxMs: 50, jitter: 0 } }

const overHttp = () =>
  Promise.all(
    Object.entries(peers).map(async ([name, open]) => ({
      name,
      options: cameraOptions.parse({ url: await open(), ...patience }),
    })),
  )

const overRtsp = async () => {
  const hostile = [...(await loadPersonalities())].filter(
    ([, { kind, expect }]) => kind === 'hostile' && expect !== 'picture',
  )
  return Promise.all(
    hostile.map(async ([name, personality]) => {
      const running = await startPersonality(name, personality, {
        loop: personality.quirks.serve ? null : syntheticLoop(),
        later: null,
      })
      onTestFinished(() => running.close())
      const { login } = personality.client ?? {}
      return { name, options: cameraOptions.parse({ url: running.url, ...patience, ...login }) }
    }),
  )
}

test('peers that never let go keep nothing: descriptors, threads and memory stay flat, and closing ends', async () => {
  const list = [...(await overHttp()), ...(await overRtsp())]
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
  const looks = [used()]
  for (let i = 0; i < 5; i++) {
    await rounds(2)
    looks.push(used())
  }
  const [before, after] = [looks[0], looks[looks.length - 1]]
  for (const { name } of list) expect(cameras.named(name).stats.pipelines, name).toBeLessThanOrEqual(1)
  // Whatever is open at this moment differs by chance; a leak would be ten times the number of cameras.
  expect(after.descriptors - before.descriptors).toBeLessThan(list.length * 4)
  expect(after.threads - before.threads).toBeLessThan(list.length * 4)
  // What peers flood fills buffers of bounded size, when chance wills it, and allocators give back late. A leak is in all rounds: a
  // buffer kept by each connection would be a megabyte a camera, in each of them.
  const grown = looks.slice(1).map(({ megabytes }, i) => megabytes - looks[i].megabytes)
  expect(Math.min(...grown), `grown by ${grown.map((mb) => mb.toFixed(0)).join(', ')} MB`).toBeLessThan(list.length)
  for (const { name } of list) expect(reasons.get(name), name).toMatch(/ — /)
  await cameras.close()
}, 120_000)
