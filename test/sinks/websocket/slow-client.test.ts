import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { createMetrics } from '../../../src/metrics.ts'
import { webSocketOptions } from '../../../src/sinks/websocket/options.ts'
import { webSocketSink } from '../../../src/sinks/websocket/websocket-sink.ts'
import { eventually } from '../../support/eventually.ts'
import { frameEvent, frameFace, personCreated, sightingStarted } from '../events.ts'
import { eventsIn, openStalledClient, openSubscriber, sendRaw, seqsIn } from './ws-clients.ts'

const faces = Array.from({ length: 5 }, () => frameFace('p1', 0.1, 0.1, 0.2, 0.2))

/** A sink whose ages are those of `clock`, judged whenever real time lets its timer run. */
const setUp = async (options: Record<string, number>, clock?: () => number) => {
  const metrics = createMetrics(new Registry())
  const quiet = () => undefined
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  const snapshot = () => ({ cameras: [], people: [], aliases: {}, sightings: [] })
  const time = { nowMs: () => Date.now() }
  const deps = { snapshot, metrics, log, time, ...(clock && { ageMs: clock }) }
  const sink = webSocketSink(webSocketOptions.parse(options), deps)
  const http = createServer().on('upgrade', sink.accept).listen(0, '127.0.0.1')
  await once(http, 'listening')
  onTestFinished(async () => {
    await sink.close()
    http.close()
  })
  const { port } = http.address() as AddressInfo
  const counted = async (name: 'webSocketDrops' | 'webSocketTerminations') =>
    Object.fromEntries(
      (await metrics[name].get()).values.map(({ labels, value }) => [Object.values(labels).join(), value]),
    )
  return { sink, port, url: `ws://127.0.0.1:${port}/ws`, counted }
}

/** Milliseconds in which this process has run. Server and clients are in it: while it stands still, nobody is late. */
const runningClock = (): (() => number) => {
  let nowMs = 0
  const timer = setInterval(() => {
    nowMs += 5
  }, 5)
  onTestFinished(() => clearInterval(timer))
  return () => nowMs
}

test('a client that reads nothing is sent one window, then closed; the others get everything, memory stays', async () => {
  let nowMs = 0
  const { sink, url, port, counted } = await setUp({ maxAgeMs: 1000 }, () => nowMs)
  const others = await Promise.all(Array.from({ length: 5 }, () => openSubscriber(url)))
  const stalled = await openStalledClient(port)
  sendRaw(stalled, JSON.stringify({ type: 'subscribe' }))
  let seq = 0
  const publish = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) await sink.publish([frameEvent('door', ++seq, faces)])
    await vi.waitFor(
      () => {
        for (const { texts } of others) expect(seqsIn(texts).at(-1)).toBe(seq)
      },
      { timeout: 20_000, interval: 5 },
    )
  }
  // Two megabytes, in steps that everybody else keeps up with: a client that reads nothing is out after the first.
  for (let i = 0; i < 40; i++) {
    await publish(40)
    nowMs += 10
  }
  for (const { texts } of others) expect(seqsIn(texts)).toEqual(Array.from({ length: seq }, (_, i) => i + 1))
  expect(await counted('webSocketTerminations')).toEqual({})
  let received = 0
  stalled.on('data', (chunk: Buffer) => {
    received += chunk.length
  })
  await eventually(async () => {
    nowMs += 100
    expect(await counted('webSocketTerminations')).toEqual({ tooSlow: 1 })
  })
  expect(nowMs, 'not at once either').toBeGreaterThan(1000)
  stalled.resume()
  await once(stalled, 'close')
  expect(received, 'the first window, whatever the kernel would have taken').toBeLessThan(70_000)
  expect(seq * 1300).toBeGreaterThan(2_000_000)
})

const habits: Readonly<Record<string, (seqs: readonly number[]) => number | undefined>> = {
  'never acknowledges': () => undefined,
  'acknowledges every eighth': (seqs) => (seqs.length % 8 === 0 ? seqs.at(-1) : undefined),
  'is always one behind': (seqs) => seqs.at(-2),
  'says the first one again and again': (seqs) => seqs[0],
  'stops after the third': (seqs) => (seqs.length <= 3 ? seqs.at(-1) : undefined),
  'claims more than it got': (seqs) => (seqs.at(-1) ?? 0) + 5,
}

test('a client that reads, and acknowledges seldom, oddly or no more, is not closed, and misses nothing', async () => {
  const clock = runningClock()
  const { sink, url, counted } = await setUp({ maxAgeMs: 200, heartbeatMs: 600_000 }, clock)
  const clients = await Promise.all(
    Object.entries(habits).map(async ([name, habit]) => ({ name, habit, ...(await openSubscriber(url)) })),
  )
  // Fewer than eight events in `maxAgeMs`, so that one that acknowledges every eighth is late with each.
  for (let seq = 1; seq <= 17; seq++) {
    await sink.publish([personCreated(`p${seq}`, 'door')])
    for (const client of clients) {
      const { texts, habit } = client
      await eventually(() => expect(seqsIn(texts).at(-1)).toBe(seq))
      const acknowledged = habit(seqsIn(texts))
      if (acknowledged !== undefined) client.send({ type: 'ack', seq: acknowledged })
    }
    const nextMs = clock() + 60
    await eventually(() => expect(clock()).toBeGreaterThanOrEqual(nextMs))
  }
  for (const { name, texts, socket } of clients) {
    expect(socket.readyState, name).toBe(WebSocket.OPEN)
    expect(seqsIn(texts), name).toEqual(Array.from({ length: 17 }, (_, i) => i + 1))
  }
  expect(await counted('webSocketTerminations')).toEqual({})
})

test('pictures that are read and never acknowledged, or every eighth, go on coming', async () => {
  const { sink, url, counted } = await setUp({ maxAgeMs: 200, heartbeatMs: 600_000 }, runningClock())
  const clients = [await openSubscriber(url), await openSubscriber(url)]
  for (const client of clients) client.send({ type: 'watch', cameras: ['door'] })
  let n = 0
  await vi.waitFor(
    () => {
      sink.publishPicture({ frame: frameEvent('door', ++n).data, jpeg: new Uint8Array(1000) })
      for (const [i, client] of clients.entries()) {
        if (i === 1 && client.pictures.length % 8 === 0) client.send({ type: 'ack', n: client.pictures.length })
        expect(client.pictures.length).toBeGreaterThan(8)
      }
    },
    { timeout: 20_000, interval: 40 },
  )
  expect(await counted('webSocketTerminations')).toEqual({})
})

test('frames that waited too long are left out, counted and said; what is no frame still comes', async () => {
  let nowMs = 0
  const { sink, url, counted } = await setUp({ maxAgeMs: 60_000 }, () => nowMs)
  const client = await openSubscriber(url)
  await sink.publish([personCreated('p1', 'door')])
  await eventually(() => expect(seqsIn(client.texts)).toEqual([1]))
  client.send({ type: 'ack', seq: 1 })
  // Acknowledging nothing more, it gets 64 KiB of these.
  for (let seq = 1; seq <= 200; seq++) await sink.publish([frameEvent('door', seq, faces)])
  await sink.publish([sightingStarted('p1', 'door', 7)])
  await eventually(() => expect(seqsIn(client.texts).length).toBeGreaterThan(20))
  const before = seqsIn(client.texts).length
  nowMs = 15_500
  await sink.publish([frameEvent('door', 999, faces)])
  client.send({ type: 'ack', seq: seqsIn(client.texts).at(-1) })
  await eventually(() => expect(seqsIn(client.texts).at(-1)).toBe(203))
  const ids = eventsIn(client.texts).map(({ id }) => id)
  expect(ids.slice(-2)).toEqual(['started/p1/7', 'door/s1/999'])
  const count = 203 - before - 2
  expect(client.texts.find(({ type }) => type === 'dropped')).toEqual({ type: 'dropped', count })
  expect(await counted('webSocketDrops')).toEqual({ event: count })
})

test('when more than frames has waited too long, the newest state comes instead', async () => {
  let nowMs = 0
  const { sink, url } = await setUp({ maxAgeMs: 60_000, replayBytes: 50_000_000 }, () => nowMs)
  const client = await openSubscriber(url)
  await sink.publish([personCreated('p0', 'door')])
  await eventually(() => expect(seqsIn(client.texts)).toEqual([1]))
  client.send({ type: 'ack', seq: 1 })
  for (let i = 1; i <= 400; i++) await sink.publish([personCreated(`p${i}`, 'door')])
  await eventually(() => expect(seqsIn(client.texts).length).toBeGreaterThan(20))
  const last = seqsIn(client.texts).at(-1) ?? 0
  nowMs = 29_000
  client.send({ type: 'ack', seq: last - 10 })
  await eventually(() => expect(seqsIn(client.texts).at(-1)).toBeGreaterThan(last))
  nowMs = 31_000
  const next = seqsIn(client.texts).at(-1) ?? 0
  client.send({ type: 'ack', seq: next })
  await eventually(() => expect(client.texts.at(-1)).toMatchObject({ type: 'snapshot', reason: 'slow', seq: 401 }))
  expect(client.texts.at(-2)).toEqual({ type: 'dropped', count: 401 - next })
})

test('a client that reads 150 kB/s among ten: nothing it sees is old, and it keeps nobody up', async () => {
  const { sink, url, counted } = await setUp({ maxAgeMs: 3000 })
  const others = await Promise.all(Array.from({ length: 9 }, () => openSubscriber(url, { topics: ['frames'] })))
  const slow = await openSubscriber(url)
  const startedAt = performance.now()
  const agesMs: number[] = []
  let readBytes = 0
  let isClosed = false
  slow.socket.on('close', () => {
    isClosed = true
  })
  slow.socket.on('message', (data: Buffer) => {
    const atMs = Number(/"ptsUs":([\d.]+)/.exec(data.toString())?.[1])
    if (!Number.isNaN(atMs)) agesMs.push(performance.now() - atMs)
    readBytes += data.length
    const waitMs = readBytes / 150 - (performance.now() - startedAt)
    if (waitMs < 5 || slow.socket.isPaused) return
    slow.socket.pause()
    setTimeout(() => slow.socket.resume(), waitMs)
  })
  // 2.2 Mbit/s to each, for as long as it takes the slow one to fall 600 kB behind.
  let seq = 0
  let pausedMs = 0
  let turnAt = performance.now()
  while (seq < 1400) {
    const due = ((performance.now() - startedAt) / 1000) * 200
    for (; seq < Math.min(due, 1400); seq++) {
      const event = frameEvent('door', seq, faces)
      await sink.publish([{ ...event, data: { ...event.data, ptsUs: performance.now() } }])
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
    // This process is server and clients at once: when it stops, everything in it gets older.
    pausedMs = Math.max(pausedMs, performance.now() - turnAt)
    turnAt = performance.now()
  }
  // On a machine that stops, these may be too slow themselves: closed, or the last events are left out as too old. Newer ones come.
  const open = () => others.filter(({ socket }) => socket.readyState === WebSocket.OPEN)
  await vi.waitFor(
    async () => {
      const event = frameEvent('door', seq++, faces)
      await sink.publish([{ ...event, data: { ...event.data, ptsUs: performance.now() } }])
      for (const { texts } of open()) expect(seqsIn(texts).at(-1)).toBeGreaterThanOrEqual(1400)
    },
    { timeout: 180_000, interval: 50 },
  )
  expect(open().length).toBeGreaterThan(0)
  const drops = (await counted('webSocketDrops')).event ?? 0
  expect(agesMs.length).toBeGreaterThan(100)
  // That nobody else loses anything is the first test's matter.
  for (const { texts } of open()) expect(seqsIn(texts).length).toBeGreaterThan(agesMs.length)
  // Either it was closed, or frames were left out so that what it saw was new.
  expect(isClosed || drops > 0).toBe(true)
  expect(Math.max(...agesMs)).toBeLessThan(3000 + pausedMs)
}, 240_000)
