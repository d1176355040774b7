import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createMetrics } from '../../src/metrics.ts'
import { webSocketOptions } from '../../src/sinks/options.ts'
import { webSocketSink } from '../../src/sinks/websocket.ts'
import type { Snapshot } from '../../src/sinks/websocket-protocol.ts'
import type { Log } from '../../src/types.ts'
import { cameraEvent, frameEvent, frameFace, personCreated, personMerged, sightingStarted } from './events.ts'
import { openClient, openStalledClient, sendRaw } from './ws-clients.ts'

const snapshot: Snapshot = {
  cameras: [{ camera: 'door', state: 'online', atMs: 1000, reason: 'first frame' }],
  people: [
    { id: 'p1', name: null, archived: false, createdAtMs: 1, lastSeenAtMs: 2, lastCamera: 'door', tracks: 1, faces: 5 },
  ],
}

const setUp = async (options: Record<string, number> = {}) => {
  const metrics = createMetrics(new Registry())
  const lines: { level: string; message: string; fields: object }[] = []
  const line = (level: string) => (fields: object, message: string) => lines.push({ level, message, fields })
  const log: Log = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
  const sink = webSocketSink(webSocketOptions.parse(options), {
    snapshot: () => snapshot,
    metrics,
    log,
    time: { nowMs: () => 5000 },
  })
  const http = createServer().on('upgrade', sink.accept).listen(0, '127.0.0.1')
  await once(http, 'listening')
  onTestFinished(async () => {
    await sink.close()
    http.close()
  })
  const { port } = http.address() as AddressInfo
  const watched: string[][] = []
  sink.watched$.subscribe((cameras) => watched.push([...cameras].sort()))
  const counted = async (name: 'webSocketDrops' | 'webSocketTerminations' | 'webSocketClients') =>
    Object.fromEntries(
      (await metrics[name].get()).values.map(({ labels, value }) => [Object.values(labels).join(), value]),
    )
  return { sink, port, url: `ws://127.0.0.1:${port}/ws`, watched, counted, lines }
}

const ids = (messages: readonly object[]) => messages.flatMap((message) => ('id' in message ? [message.id] : []))

test('says hello with a snapshot, then sends each event to everybody', async () => {
  const { sink, url, counted } = await setUp()
  const clients = [await openClient(url), await openClient(url)]
  const events = [frameEvent('door', 1, [frameFace('p1', 0, 0, 0.5, 0.5)]), personCreated('p1', 'door')]
  await sink.publish(events)
  for (const client of clients) {
    await vi.waitFor(() => expect(client.texts).toHaveLength(3))
    expect(client.texts[0]).toEqual({ type: 'hello', protocol: 'rollcall.v1', nowMs: 5000, snapshot })
    expect(client.texts.slice(1)).toEqual(events)
    expect(client.socket.protocol).toBe('rollcall.v1')
    expect(client.socket.extensions, 'perMessageDeflate is off').toBe('')
  }
  expect(await counted('webSocketClients')).toEqual({ '': 2 })
})

test('a subscription chooses topics and cameras', async () => {
  const { sink, url } = await setUp()
  const client = await openClient(url)
  client.send({ type: 'subscribe', topics: ['sightings', 'people'], cameras: ['door'] })
  // Events reach the client before its subscription does; it is in force once frames stop coming.
  await vi.waitFor(async () => {
    client.texts.length = 0
    await sink.publish([frameEvent('door', 1), sightingStarted('p1', 'door', 7)])
    await vi.waitFor(() => expect(ids(client.texts)).toContain('started/p1/7'))
    expect(ids(client.texts)).not.toContain('door/s1/1')
  })
  await sink.publish([
    sightingStarted('p1', 'yard', 8),
    cameraEvent({ camera: 'door', state: 'online', atMs: 9, reason: 'first frame' }),
    frameEvent('door', 2),
    sightingStarted('p1', 'door', 9),
    personMerged('p3', 'p1'),
  ])
  await vi.waitFor(() => expect(ids(client.texts)).toContain('merged/p3'))
  expect(ids(client.texts).slice(-2)).toEqual(['started/p1/9', 'merged/p3'])
  for (const unwanted of ['started/p1/8', 'door/9', 'door/s1/2']) expect(ids(client.texts)).not.toContain(unwanted)
})

test.each([
  ['not JSON', '{', 'message: expected JSON'],
  ['unknown type', { type: 'dance' }, 'type: '],
  ['unknown topic', { type: 'subscribe', topics: ['frames', 'cats'] }, 'topics.1: '],
  ['unknown key', { type: 'watch', cameras: [], quality: 3 }, 'message: Unrecognized key: "quality"'],
  ['bad camera', { type: 'watch', cameras: ['../x'] }, 'cameras.0: expected the name of a camera'],
  ['acknowledgement of nothing', { type: 'ack', n: 1 }, 'n: picture 1 is not waiting'],
])('an invalid message (%s) gets an error that names the field, then 4400', async (_name, message, expected) => {
  const { url } = await setUp()
  const [client, other] = [await openClient(url), await openClient(url)]
  client.send(message)
  expect(await client.closed).toBe(4400)
  expect(client.texts.at(-1)).toEqual({ type: 'error', message: expect.stringContaining(expected) })
  expect(other.socket.readyState).toBe(other.socket.OPEN)
})

test('a message that is too big closes with 1009, a foreign subprotocol fails, too many clients get 503', async () => {
  const { url, lines } = await setUp({ maxClients: 1 })
  const client = await openClient(url)
  await expect(openClient(url)).rejects.toThrow('503')
  expect(lines.some(({ message }) => message.includes('maxClients'))).toBe(true)
  client.send('x'.repeat(20_000))
  expect(await client.closed).toBe(1009)
  await expect(openClient(url, { protocol: 'other.v1' })).rejects.toThrow('subprotocol')
})

test('pictures go to watchers only, boxes and picture in one message', async () => {
  const { sink, url, watched } = await setUp()
  const [watcher, other] = [await openClient(url), await openClient(url)]
  expect(watched).toEqual([[]])
  watcher.send({ type: 'watch', cameras: ['door'] })
  await vi.waitFor(() => expect(watched).toEqual([[], ['door']]))
  const { data } = frameEvent('door', 3, [frameFace('p1', 0.1, 0.2, 0.3, 0.4)])
  sink.publishPicture({ frame: frameEvent('yard', 1).data, jpeg: Buffer.from('yard') })
  sink.publishPicture({ frame: data, jpeg: Buffer.from('\xff\xd8jpeg', 'latin1') })
  await vi.waitFor(() => expect(watcher.pictures).toHaveLength(1))
  expect(watcher.pictures[0]).toEqual({ frame: data, jpeg: Buffer.from('\xff\xd8jpeg', 'latin1') })
  other.send({ type: 'watch', cameras: ['yard', 'door'] })
  await vi.waitFor(() => expect(watched.at(-1)).toEqual(['door', 'yard']))
  watcher.socket.terminate()
  other.send({ type: 'watch', cameras: ['yard'] })
  await vi.waitFor(() => expect(watched.at(-1)).toEqual(['yard']))
  expect(other.pictures).toEqual([])
})

test('at most two pictures a camera are unacknowledged; then the newest waits and replaces', async () => {
  const { sink, url, watched, counted } = await setUp()
  const client = await openClient(url)
  client.send({ type: 'watch', cameras: ['door', 'yard'] })
  await vi.waitFor(() => expect(watched.at(-1)).toEqual(['door', 'yard']))
  const publish = (camera: string, seq: number) =>
    sink.publishPicture({ frame: frameEvent(camera, seq).data, jpeg: Buffer.alloc(100) })
  const seen = () => client.pictures.map(({ frame }) => `${frame.camera}${frame.seq}`)

  for (let seq = 1; seq <= 9; seq++) publish('door', seq)
  publish('yard', 1)
  await vi.waitFor(() => expect(seen()).toEqual(['door1', 'door2', 'yard1']))
  expect(await counted('webSocketDrops')).toEqual({ picture: 6 })
  client.send({ type: 'ack', n: 2 })
  await vi.waitFor(() => expect(seen()).toEqual(['door1', 'door2', 'yard1', 'door9']))
  client.send({ type: 'ack', n: 3 })
  client.send({ type: 'ack', n: 1 })
  client.send({ type: 'ack', n: 4 })
  publish('door', 10)
  publish('yard', 2)
  await vi.waitFor(() => expect(seen().slice(4).sort()).toEqual(['door10', 'yard2']))
})

test('a stalled client loses frames, then the connection; the others get everything', async () => {
  const { sink, url, port, counted, lines } = await setUp({ maxBufferedBytes: 200_000 })
  const fast = await openClient(url)
  const stalled = await openStalledClient(port)
  await vi.waitFor(async () => expect(await counted('webSocketClients')).toEqual({ '': 2 }))
  const faces = Array.from({ length: 60 }, () => frameFace('p1', 0.1, 0.1, 0.2, 0.2))
  let seq = 0
  const keepUp = () => vi.waitFor(() => expect(ids(fast.texts)).toHaveLength(seq), { timeout: 10_000 })

  // The kernel takes some megabytes first.
  while (!(await counted('webSocketDrops')).event && seq < 5000) {
    await sink.publish([frameEvent('door', ++seq, faces)])
    if (seq % 20 === 0) await keepUp()
  }
  expect(await counted('webSocketDrops')).toEqual({ event: 1 })
  expect(lines.filter(({ message }) => message.includes('too slowly'))).toHaveLength(1)
  for (let i = 0; i < 50; i++) await sink.publish([frameEvent('door', ++seq, faces)])
  await keepUp()
  expect((await counted('webSocketClients'))['']).toBe(2)

  // People events are never left out: they fill the rest of the bound, and then it is over.
  while ((await counted('webSocketClients'))[''] === 2 && seq < 10_000) {
    await sink.publish([personCreated(`p${++seq}`, 'door')])
    if (seq % 100 === 0) await keepUp()
  }
  await keepUp()
  expect(await counted('webSocketTerminations')).toEqual({ slow: 1 })
  expect(await counted('webSocketClients')).toEqual({ '': 1 })
  const cut = lines.find(({ level }) => level === 'warn')
  expect(cut).toMatchObject({ message: 'websocket client cut off', fields: { reason: 'slow' } })
  expect(cut?.fields).toHaveProperty('bufferedBytes', expect.closeTo(400_000, -3))
  stalled.destroy()
})

test('a stalled watcher never gets an old picture and never holds others up', async () => {
  const { sink, url, port, watched } = await setUp()
  const stalled = await openStalledClient(port)
  sendRaw(stalled, JSON.stringify({ type: 'watch', cameras: ['door'] }))
  const fast = await openClient(url)
  await vi.waitFor(() => expect(watched.at(-1)).toEqual(['door']))
  fast.send({ type: 'watch', cameras: ['door', 'yard'] })
  await vi.waitFor(() => expect(watched.at(-1)).toEqual(['door', 'yard']))
  for (let seq = 1; seq <= 100; seq++) {
    sink.publishPicture({ frame: frameEvent('door', seq).data, jpeg: Buffer.alloc(50_000) })
    await vi.waitFor(() => expect(fast.pictures).toHaveLength(seq), { interval: 2 })
    fast.send({ type: 'ack', n: seq })
  }
  // Two pictures and the hello are all that was ever sent to the one that does not acknowledge.
  let received = 0
  stalled.on('data', (chunk: Buffer) => (received += chunk.length))
  stalled.resume()
  await vi.waitFor(() => expect(received).toBeGreaterThan(100_000))
  await sink.publish([personCreated('marker', 'door')])
  const before = received
  await vi.waitFor(() => expect(received).toBeGreaterThan(before))
  expect(received).toBeLessThan(105_000)
  stalled.destroy()
})

test('the heartbeat cuts off a peer that does not answer, and keeps one that does', async () => {
  const { url, port, counted } = await setUp({ heartbeatMs: 100 })
  const client = await openClient(url)
  let pings = 0
  client.socket.on('ping', () => pings++)
  const stalled = await openStalledClient(port)
  await vi.waitFor(async () => expect(await counted('webSocketTerminations')).toEqual({ heartbeat: 1 }), 5000)
  await vi.waitFor(() => expect(pings).toBeGreaterThan(3), 5000)
  expect(client.socket.readyState).toBe(client.socket.OPEN)
  stalled.destroy()
})

test('closing says goodbye, does not wait for a peer that is stalled, and refuses what comes later', async () => {
  const { sink, url, port, watched } = await setUp()
  const client = await openClient(url)
  const stalled = await openStalledClient(port)
  client.send({ type: 'watch', cameras: ['door'] })
  await vi.waitFor(() => expect(watched.at(-1)).toEqual(['door']))
  const started = performance.now()
  await Promise.all([sink.close(), sink.close()])
  expect(performance.now() - started).toBeLessThan(3000)
  expect(await client.closed).toBe(1001)
  expect(watched.at(-1)).toEqual([])
  await expect(sink.publish([frameEvent('door', 1)])).rejects.toMatchObject({ code: 'SINK' })
  await expect(openClient(url)).rejects.toThrow('503')
  stalled.destroy()
})
