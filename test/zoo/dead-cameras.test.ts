import { readdirSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { pcmLoop } from '../../simulator/footage/pcm-loop.ts'
import { startRtspServer } from '../../simulator/rtsp-server.ts'
import { openCameras } from '../../src/ingest/cameras.ts'
import { cameraOptions } from '../../src/ingest/options.ts'
import { silent } from '../../src/silent-log.ts'

const secondsWatched = 4
const fps = 12

/** A TCP server that does with each connection what is said. Gives its port. */
const peer = async (connected: (socket: Socket) => void): Promise<number> => {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    connected(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** A port at which nobody listens. */
const closedPort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** What the process holds. Descriptors and threads are those of Linux. */
const held = () => ({
  threads: readdirSync('/proc/self/task').length,
  descriptors: readdirSync('/proc/self/fd').length,
  megabytes: process.memoryUsage.rss() / 2 ** 20,
})

const options = (url: string) =>
  cameraOptions.parse({
    url,
    decoder: 'software',
    connectTimeoutMs: 1500,
    backoff: { firstMs: 200, maxMs: 1000, jitter: 0.2 },
  })

interface Watched {
  /** Of the good cameras, the fewest frames of one. */
  readonly fewest: number
  /** From capture to the moment at which a frame was taken, milliseconds: that of nine frames of ten is shorter. */
  readonly latencyMs: number
  readonly most: ReturnType<typeof held>
}

/** Watches good cameras beside others, and counts. */
const watch = async (good: readonly string[], dead: readonly string[]): Promise<Watched> => {
  const named = (urls: readonly string[], kind: string) =>
    urls.map((url, i) => ({ name: `${kind}${i}`, options: options(url) }))
  const cameras = openCameras([...named(good, 'good'), ...named(dead, 'dead')], {
    pictureSide: 320,
    untilEnd: false,
    log: silent,
  })
  const frames = new Map(good.map((_, i) => [`good${i}`, 0]))
  const lags: number[] = []
  const most = { threads: 0, descriptors: 0, megabytes: 0 }
  const counting = setInterval(() => {
    const now = held()
    for (const key of ['threads', 'descriptors', 'megabytes'] as const) most[key] = Math.max(most[key], now[key])
  }, 100)
  let isCounted = false
  cameras.ready$.subscribe((camera) => {
    const frame = camera.take()
    if (frame === null) return
    if (isCounted) {
      frames.set(camera.name, (frames.get(camera.name) ?? 0) + 1)
      lags.push(Date.now() - frame.capturedAtMs)
    }
    frame.close()
  })
  const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
  await after(2500)
  isCounted = true
  await after(secondsWatched * 1000)
  clearInterval(counting)
  await cameras.close()
  lags.sort((a, b) => a - b)
  return { fewest: Math.min(...frames.values()), latencyMs: lags[Math.floor(lags.length * 0.9)] ?? 0, most }
}

test('two hundred dead cameras cost four good ones nothing', { timeout: 60_000 }, async () => {
  const server = await startRtspServer()
  onTestFinished(() => server.close())
  const good = Array.from({ length: 4 }, (_, i) => {
    server.addCamera(`good${i}`, { loop: pcmLoop({ fps }) })
    return server.url(`good${i}`)
  })
  const silent = await peer((socket) => socket.resume())
  const garbage = await peer((socket) => socket.on('data', () => socket.write('\x15\x03\x01garbage'.repeat(20))))
  const refused = await closedPort()
  const kinds = [
    () => `rtsp://127.0.0.1:${refused}/s`,
    () => `rtsp://127.0.0.1:${silent}/s`,
    () => server.url('nothing'),
    (i: number) => `rtsp://camera-${i}.invalid/s`,
    () => `rtsp://127.0.0.1:${garbage}/s`,
  ]
  const dead = Array.from({ length: 200 }, (_, i) => kinds[i % kinds.length]?.(i) ?? '')

  const alone = await watch(good, [])
  const beside = await watch(good, dead)
  // Exact costs are no matter of a test, because other work on the machine costs, too. What waited for dead cameras would give a
  // good one next to nothing, or be late by their time-outs.
  expect(alone.fewest).toBeGreaterThan(0)
  expect(beside.fewest / alone.fewest).toBeGreaterThan(0.5)
  expect(beside.latencyMs - alone.latencyMs).toBeLessThan(1000)
  expect(beside.most.threads - alone.most.threads).toBeLessThan(dead.length / 2)
  // A silent camera holds a connection at either end, because its peer is in this process too.
  expect(beside.most.descriptors - alone.most.descriptors).toBeLessThan(dead.length * 2)
  expect(beside.most.megabytes - alone.most.megabytes).toBeLessThan(dead.length * 2)
  await expect.poll(() => held().descriptors, { timeout: 20_000 }).toBeLessThan(alone.most.descriptors)
  await expect.poll(() => held().threads, { timeout: 20_000 }).toBeLessThanOrEqual(alone.most.threads)
})
