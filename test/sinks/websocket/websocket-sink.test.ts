import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import { createMetrics } from '../../../src/metrics.ts'
import { webSocketOptions } from '../../../src/sinks/websocket/options.ts'
import {
  closeCodes,
  maxMessagesPerSecond,
  type ServerMessage,
  type Snapshot,
} from '../../../src/sinks/websocket/protocol.ts'
import { webSocketSink } from '../../../src/sinks/websocket/websocket-sink.ts'
import type { Log } from '../../../src/types.ts'
import { eventually } from '../../support/eventually.ts'
import { cameraEvent, frameEvent, frameFace, personCreated, personMerged, sightingStarted } from '../events.ts'
import { videoUnit } from './video-units.ts'
import { eventsIn, openClient, openStalledClient, openSubscriber, sendRaw, seqsIn } from './ws-clients.ts'

const snapshot: Snapshot = {
  cameras: [{ camera: 'door', state: 'online', atMs: 1000, reason: 'first frame' }],
  people: [
    { id: 'p1', name: null, archived: false, createdAtMs: 1, lastSeenAtMs: 2, lastCamera: 'door', tracks: 1, faces: 5 },
  ],
  aliases: { p0: 'p1', p7: 'p8' },
  sightings: [
    { sighting: 's1', person: 'p1', camera: 'door', fromMs: 5 },
    { sighting: 's8', person: 'p8', camera: 'door', fromMs: 6 },
  ],
}

/** Ages are judged only where a test is about them: this machine may be busy. */
const patient = { maxAgeMs: 60_000 }

const setUp = async (options: Record<string, number> = {}, resolve = (id: string) => id) => {
  let built = 0
  const metrics = createMetrics(new Registry())
  const lines: { level: string; message: string; fields: object }[] = []
  const line = (level: string) => (fields: object, message: string) => lines.push({ level, message, fields })
  const log: Log = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
  const sink = webSocketSink(webSocketOptions.parse({ ...patient, ...options }), {
    snapshot: () => {
      built++
      return snapshot
    },
    resolve,
    metrics,
    log,
    time: { nowMs: () => 5000 },
    epoch: 'run-1',
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
  return { sink, port, url: `ws://127.0.0.1:${port}/ws`, watched, counted, lines, snapshots: () => built }
}

const ids = (messages: readonly ServerMessage[]) => eventsIn(messages).map(({ id }) => id)

test('says hello; a subscription gets a snapshot, then each event, numbered', async () => {
  const { sink, url, counted } = await setUp()
  const idle = await openClient(url)
  const clients = [await openSubscriber(url), await openSubscriber(url)]
  const events = [frameEvent('door', 1, [frameFace('p1', 0, 0, 0.5, 0.5)]), personCreated('p1', 'door')]
  await sink.publish(events)
  for (const client of clients) {
    await eventually(() => expect(client.texts).toHaveLength(4))
    expect(client.texts).toEqual([
      {
        type: 'hello',
        protocol: 'rollcall.v1',
        epoch: 'run-1',
        seq: 0,
        nowMs: 5000,
        heartbeatMs: 10_000,
        ...patient,
      },
      { type: 'snapshot', reason: 'subscribed', epoch: 'run-1', seq: 0, nowMs: 5000, snapshot },
      { type: 'event', seq: 1, event: events[0] },
      { type: 'event', seq: 2, event: events[1] },
    ])
    expect(client.socket.protocol).toBe('rollcall.v1')
    expect(client.socket.extensions, 'perMessageDeflate is off').toBe('')
  }
  expect(
    idle.texts.map(({ type }) => type),
    'nothing before it subscribes',
  ).toEqual(['hello'])
  expect(await counted('webSocketClients')).toEqual({ '': 3 })
})

test('whoever asks for a person by an ID from before a merge gets the survivor, and later merges are followed', async () => {
  const { sink, url } = await setUp({}, (id) => (id === 'old' ? 'p1' : id))
  const client = await openSubscriber(url, { people: ['old'], topics: ['sightings', 'people'] })
  expect(client.texts[1]).toMatchObject({ snapshot: { people: [{ id: 'p1' }] } })
  await sink.publish([sightingStarted('p1', 'door', 1), sightingStarted('p2', 'door', 2)])
  await sink.publish([personMerged('p1', 'p2'), sightingStarted('p2', 'door', 3), sightingStarted('p3', 'door', 4)])
  await sink.publish([personMerged('p2', 'p3'), sightingStarted('p3', 'door', 5)])
  await eventually(() =>
    expect(ids(client.texts)).toEqual(['started/p1/1', 'merged/p1', 'started/p2/3', 'merged/p2', 'started/p3/5']),
  )
})

test('a subscription chooses topics, types, cameras and people; a person is followed over merges', async () => {
  const { sink, url } = await setUp()
  const topics = await openSubscriber(url, { topics: ['sightings', 'people'], cameras: ['door'] })
  const types = await openSubscriber(url, { types: ['rollcall.person.merged.v1'], cameras: [] })
  const people = await openSubscriber(url, { people: ['p1'], topics: ['sightings', 'people', 'frames'] })
  await sink.publish([
    frameEvent('door', 1, [frameFace('p1', 0, 0, 0.5, 0.5)]),
    frameEvent('door', 2, [frameFace('p2', 0, 0, 0.5, 0.5)]),
    sightingStarted('p1', 'yard', 8),
    cameraEvent({ camera: 'door', state: 'online', atMs: 9, reason: 'first frame' }),
    sightingStarted('p2', 'door', 9),
    personMerged('p1', 'p2'),
    sightingStarted('p2', 'door', 10),
    personMerged('p3', 'p9'),
  ])
  await eventually(() => expect(ids(topics.texts)).toEqual(['started/p2/9', 'merged/p1', 'started/p2/10', 'merged/p3']))
  await eventually(() => expect(ids(types.texts)).toEqual(['merged/p1', 'merged/p3']))
  await eventually(() => expect(ids(people.texts)).toEqual(['door/s1/1', 'started/p1/8', 'merged/p1', 'started/p2/10']))
  const cut = (texts: readonly object[]) => (texts[1] as { snapshot: object }).snapshot
  expect(cut(types.texts), 'the snapshot is cut by cameras').toMatchObject({
    cameras: [],
    people: [{ id: 'p1' }],
    sightings: [],
  })
  expect(cut(people.texts), 'and by people').toMatchObject({ aliases: { p0: 'p1' }, sightings: [{ sighting: 's1' }] })
  topics.send({ type: 'subscribe', topics: ['cameras'] })
  await eventually(() => expect(topics.texts.filter(({ type }) => type === 'snapshot')).toHaveLength(2))
  await sink.publish([frameEvent('door', 3), cameraEvent({ camera: 'yard', state: 'online', atMs: 9, reason: '' })])
  await eventually(() => expect(seqsIn(topics.texts).at(-1)).toBe(10))
})

test.each([
  ['not JSON', '{', 'message: expected JSON'],
  ['unknown type', { type: 'dance' }, 'type: '],
  ['unknown topic', { type: 'subscribe', topics: ['frames', 'cats'] }, 'topics.1: '],
  ['unknown key', { type: 'watch', cameras: [], quality: 3 }, 'message: Unrecognized key: "quality"'],
  ['bad camera', { type: 'watch', cameras: ['../x'] }, 'cameras.0: expected the name of a camera'],
  ['empty acknowledgement', { type: 'ack' }, 'seq: expected seq, n or both'],
  [
    'unknown type of event',
    { type: 'subscribe', types: ['rollcall.cat.v2'] },
    'types.0: expected the type of an event',
  ],
  ['resuming from nowhere', { type: 'subscribe', after: { seq: 4 } }, 'after.epoch: '],
])('an invalid message (%s) gets an error that names the field, then 4400', async (_name, message, expected) => {
  const { url } = await setUp()
  const [client, other] = [await openClient(url), await openClient(url)]
  client.send(message)
  expect(await client.closed).toBe(4400)
  expect(client.texts.at(-1)).toEqual({ type: 'error', message: expect.stringContaining(expected) })
  expect(other.socket.readyState).toBe(other.socket.OPEN)
})

test('an acknowledgement of what was not sent is told of once, ignored, and closes nothing', async () => {
  const { url, sink } = await setUp()
  const client = await openSubscriber(url)
  for (const n of [1, 2, 3]) client.send({ type: 'ack', seq: n + 6, n })
  await sink.publish([sightingStarted('p1', 'door', 1)])
  await eventually(() => expect(seqsIn(client.texts)).toEqual([1]))
  // What a client says is read in order: once this is answered, all acknowledgements have been read.
  client.send({ type: 'subscribe' })
  await eventually(() => expect(client.texts.filter(({ type }) => type === 'snapshot')).toHaveLength(2))
  const errors = client.texts.filter(({ type }) => type === 'error')
  expect(errors).toEqual([{ type: 'error', message: 'seq: event 7 has not been sent; ignored' }])
})

test('a message that is too big closes with 1009, too many of them with 4429', async () => {
  const { url, counted } = await setUp()
  const big = await openClient(url)
  big.send('x'.repeat(20_000))
  expect(await big.closed).toBe(closeCodes.tooBig)
  const flooding = await openClient(url)
  // More and more: a busy machine may need seconds for what is sent at once.
  const flood = setInterval(() => {
    for (let i = 0; i < 2 * maxMessagesPerSecond; i++) flooding.send({ type: 'watch', cameras: [] })
  }, 20)
  onTestFinished(() => clearInterval(flood))
  expect(await flooding.closed).toBe(closeCodes.tooManyMessages)
  clearInterval(flood)
  expect(await counted('webSocketTerminations')).toEqual({ tooBig: 1, tooManyMessages: 1 })
})

test('pictures go to watchers only, boxes and picture in one message', async () => {
  const { sink, url, watched } = await setUp()
  const [watcher, other] = [await openClient(url), await openClient(url)]
  expect(watched).toEqual([[]])
  watcher.send({ type: 'watch', cameras: ['door'] })
  await eventually(() => expect(watched).toEqual([[], ['door']]))
  const { data } = frameEvent('door', 3, [frameFace('p1', 0.1, 0.2, 0.3, 0.4)])
  sink.publishPicture({ frame: frameEvent('yard', 1).data, jpeg: Buffer.from('yard') })
  sink.publishPicture({ frame: data, jpeg: Buffer.from('\xff\xd8jpeg', 'latin1') })
  await eventually(() => expect(watcher.pictures).toHaveLength(1))
  expect(watcher.pictures[0]).toEqual({
    frame: { kind: 'still', ...data },
    jpeg: Buffer.from('\xff\xd8jpeg', 'latin1'),
  })
  other.send({ type: 'watch', cameras: ['yard', 'door'] })
  await eventually(() => expect(watched.at(-1)).toEqual(['door', 'yard']))
  watcher.socket.terminate()
  other.send({ type: 'watch', cameras: ['yard'] })
  await eventually(() => expect(watched.at(-1)).toEqual(['yard']))
  expect(other.pictures).toEqual([])
})

test('at most two pictures a camera are unacknowledged; then the newest waits and replaces', async () => {
  const { sink, url, watched, counted } = await setUp()
  const client = await openClient(url)
  client.send({ type: 'watch', cameras: ['door', 'yard'] })
  await eventually(() => expect(watched.at(-1)).toEqual(['door', 'yard']))
  const publish = (camera: string, seq: number) =>
    sink.publishPicture({ frame: frameEvent(camera, seq).data, jpeg: Buffer.alloc(100) })
  const seen = () => client.pictures.map(({ frame }) => `${frame.camera}${frame.seq}`)

  for (let seq = 1; seq <= 9; seq++) publish('door', seq)
  publish('yard', 1)
  await eventually(() => expect(seen()).toEqual(['door1', 'door2', 'yard1']))
  expect(await counted('webSocketDrops')).toEqual({ picture: 6 })
  client.send({ type: 'ack', n: 2 })
  await eventually(() => expect(seen()).toEqual(['door1', 'door2', 'yard1', 'door9']))
  client.send({ type: 'ack', n: 3 })
  client.send({ type: 'ack', n: 1 })
  client.send({ type: 'ack', n: 4 })
  publish('door', 10)
  publish('yard', 2)
  await eventually(() => expect(seen().slice(4).sort()).toEqual(['door10', 'yard2']))
})

test('a stalled watcher never gets an old picture and never holds others up', async () => {
  const { sink, url, port, watched } = await setUp()
  const stalled = await openStalledClient(port)
  sendRaw(stalled, JSON.stringify({ type: 'watch', cameras: ['door'] }))
  const fast = await openSubscriber(url)
  await eventually(() => expect(watched.at(-1)).toEqual(['door']))
  fast.send({ type: 'watch', cameras: ['door', 'yard'] })
  await eventually(() => expect(watched.at(-1)).toEqual(['door', 'yard']))
  for (let seq = 1; seq <= 100; seq++) {
    sink.publishPicture({ frame: frameEvent('door', seq).data, jpeg: Buffer.alloc(20_000) })
    await eventually(() => expect(fast.pictures).toHaveLength(seq))
    fast.send({ type: 'ack', n: seq })
  }
  // Two pictures and the hello are all that was ever sent to the one that does not acknowledge.
  sendRaw(stalled, JSON.stringify({ type: 'subscribe', topics: ['people'] }))
  let received = 0
  stalled.on('data', (chunk: Buffer) => (received += chunk.length))
  stalled.resume()
  await eventually(() => expect(received).toBeGreaterThan(40_000))
  await sink.publish([personCreated('marker', 'door')])
  const before = received
  await eventually(() => expect(received).toBeGreaterThan(before))
  expect(received).toBeLessThan(43_000)
  stalled.destroy()
})

test("a camera's video goes to who watches it, from the newest key unit on; why there is none is told", async () => {
  const { sink, url } = await setUp()
  const wishes: unknown[] = []
  sink.watchedVideo$.subscribe((video) => wishes.push([...video.values()]))
  const publish = (n: number, key = false) => sink.publishUnit(videoUnit({ n, key }))
  const seen = (client: Awaited<ReturnType<typeof openClient>>) =>
    client.pictures.map(({ frame }) => (frame as object as { n: number }).n)
  const keys = await openClient(url)
  keys.send({ type: 'watch', cameras: [], video: [{ camera: 'door', only: 'keys' }] })
  await eventually(() => expect(wishes.at(-1)).toEqual([{ camera: 'door', only: 'keys' }]))
  const first = await openClient(url)
  first.send({ type: 'watch', cameras: [], video: [{ camera: 'door' }] })
  await eventually(() => expect(wishes.at(-1)).toEqual([{ camera: 'door' }]))
  for (let n = 1; n <= 7; n++) publish(n, n === 2 || n === 5)
  await eventually(() => expect(seen(first)).toEqual([2, 3, 4, 5, 6, 7]))
  expect(first.pictures[0]?.jpeg).toEqual(Buffer.from([2]))
  const second = await openClient(url)
  second.send({ type: 'watch', cameras: [], video: [{ camera: 'door' }] })
  await eventually(() => expect(seen(second)).toEqual([5, 6, 7]))
  publish(8)
  await eventually(() => expect(seen(second)).toEqual([5, 6, 7, 8]))
  expect(seen(keys)).toEqual([2, 5])
  sink.publishNoVideo('door', 'raw pictures')
  await eventually(() =>
    expect(second.texts.at(-1)).toEqual({ type: 'noVideo', camera: 'door', reason: 'raw pictures' }),
  )
  for (const client of [first, second, keys]) client.socket.terminate()
  await eventually(() => expect(wishes.at(-1)).toEqual([]))
})

test('the heartbeat cuts off a peer that does not answer, and keeps one that does', async () => {
  const { url, port, counted } = await setUp({ heartbeatMs: 100 })
  const client = await openClient(url)
  let pings = 0
  client.socket.on('ping', () => pings++)
  const stalled = await openStalledClient(port)
  await eventually(async () => expect(await counted('webSocketTerminations')).toEqual({ heartbeat: 1 }))
  await eventually(() => expect(pings).toBeGreaterThan(3))
  expect(client.socket.readyState).toBe(client.socket.OPEN)
  stalled.destroy()
})

test('closing says goodbye, does not wait for a peer that is stalled, and refuses what comes later', async () => {
  const { sink, url, port, watched } = await setUp()
  const client = await openClient(url)
  const stalled = await openStalledClient(port)
  client.send({ type: 'watch', cameras: ['door'] })
  await eventually(() => expect(watched.at(-1)).toEqual(['door']))
  const started = performance.now()
  await Promise.all([sink.close(), sink.close()])
  // A stalled peer has a second; the heartbeat would find it after ten.
  expect(performance.now() - started).toBeLessThan(8000)
  expect(await client.closed).toBe(1001)
  expect(watched.at(-1)).toEqual([])
  await expect(sink.publish([frameEvent('door', 1)])).rejects.toMatchObject({ code: 'SINK' })
  expect(sink.refuse({ headers: {} } as IncomingMessage)).toMatchObject({ status: 503, code: 'CLOSING' })
  stalled.destroy()
})

test('clients that come back at one event share one snapshot, built once', async () => {
  const { sink, url, snapshots } = await setUp()
  await sink.publish([personCreated('p1', 'door')])
  const clients = await Promise.all(Array.from({ length: 20 }, () => openSubscriber(url)))
  for (const { texts } of clients) {
    await eventually(() => expect(texts).toHaveLength(2))
    expect(texts[1]).toMatchObject({ type: 'snapshot', seq: 1, snapshot })
  }
  expect(snapshots()).toBe(1)
  await sink.publish([personCreated('p2', 'door')])
  await openSubscriber(url)
  await eventually(() => expect(snapshots()).toBe(2))
})
