import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Observable } from 'rxjs'
import { type WebSocket, WebSocketServer } from 'ws'
import { RollcallError } from '../../errors.ts'
import type { RollcallEvent } from '../../events/types.ts'
import type { Metrics } from '../../metrics.ts'
import type { CameraId, Log, PersonId, Time, VideoUnit, VideoWish } from '../../types.ts'
import type { Sink } from '../sink.ts'
import { type Client, serveClient } from './client.ts'
import { startClientChecks } from './client-checks.ts'
import { createClients } from './clients.ts'
import type { EventBatch } from './event-batch.ts'
import { createEventPump } from './event-pump.ts'
import { type EventSearch, type FoundEvents, findEvents, findRecent, oldestSequence } from './find-events.ts'
import { createGatheredWrites } from './gathered-writes.ts'
import type { WebSocketOptions } from './options.ts'
import { type FramePicture, maxMessageBytes, protocol, type Snapshot } from './protocol.ts'
import { publishPictures } from './publish-pictures.ts'
import { createReplayBuffer, type ReplayBuffer } from './replay-buffer.ts'
import { createSnapshotCache } from './snapshot-cache.ts'

/** Why a request to upgrade is refused, as the HTTP answer says it. */
export interface UpgradeRefusal {
  readonly status: 400 | 503
  readonly code: string
  readonly message: string
}

/** The server side of `/ws`. */
export interface WebSocketSink extends Sink {
  /** Null when the request could be accepted. */
  readonly refuse: (request: IncomingMessage) => UpgradeRefusal | null
  /** Takes over the socket of a request that the server has let in and that `refuse` does not refuse. */
  readonly accept: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** Sends a picture with its boxes to all who watch the camera. A client that cannot keep up gets only the newest. */
  publishPicture(picture: FramePicture): void
  /** Sends a unit to all who watch the camera's video. A client that cannot keep up goes on with the newest key unit. */
  publishUnit(unit: VideoUnit): void
  /** Tells all who watch the camera's video why it does not come; null: it does again. */
  publishNoVideo(camera: CameraId, reason: string | null): void
  /** Looks for events among those that clients may still ask for. */
  find(search: EventSearch): FoundEvents
  /** Names this run: their numbers are of no other. */
  readonly epoch: string
  /** `sequence` of the oldest of them about people, tracks or sightings; null when there is none. */
  oldestSequence(): number | null
  /** The events of the last `ageMs` that name the camera or none, oldest first, as far as they are still kept. */
  recentEvents(camera: CameraId, ageMs: number): readonly RollcallEvent[]
  /** The cameras that some client watches; only these need pictures. Emits the current set first, completes on close. */
  readonly watched$: Observable<ReadonlySet<CameraId>>
  /** The cameras whose own video some client watches. Emits the current wishes first, completes on close. */
  readonly watchedVideo$: Observable<ReadonlyMap<CameraId, VideoWish>>
}

/** What the sink shows, and what it is measured by. */
export interface WebSocketDeps {
  readonly snapshot: () => Snapshot
  /** Who an ID stands for after merges; itself when left out. */
  readonly resolve?: (id: PersonId) => PersonId
  readonly metrics: Pick<
    Metrics,
    'webSocketClients' | 'webSocketDrops' | 'webSocketTerminations' | 'webSocketVideoCameras'
  >
  readonly log: Log
  readonly time: Time
  /** Milliseconds on a clock that never jumps; `performance.now()` when left out. */
  readonly ageMs?: () => number
  /** Names this run to clients that resume; random when left out. */
  readonly epoch?: string
}

const offers = (request: IncomingMessage): readonly string[] =>
  (request.headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim())

/**
 * Broadcasts events to the clients of `/ws` (docs/websocket.md). `publish` never waits for a client: all read from one bounded
 * replay buffer, each at its own pace. A client that falls behind loses frame events first, and then the connection.
 */
export const webSocketSink = (options: WebSocketOptions, deps: WebSocketDeps): WebSocketSink => {
  const { log, ageMs = () => performance.now() } = deps
  const { maxAgeMs, gatherMs, heartbeatMs } = options
  const replay = createReplayBuffer(options.replayBytes)
  const writes = createGatheredWrites()
  const clients = createClients(deps.metrics, log)
  const forEach = (what: (client: Client) => void): void => {
    for (const client of clients) what(client)
    writes.flush()
  }
  const deliver = (batch: EventBatch | undefined): void => forEach((client) => client.pump(batch))
  const pump = createEventPump({ replay, gatherMs, maxAgeMs, ageMs, deliver })
  // Clients keep the process alive, this timer does not.
  const heartbeat = setInterval(() => forEach((client) => client.beat()), heartbeatMs).unref()
  const checks = startClientChecks({ clients, maxAgeMs, ageMs })
  const server = createServer()
  const { groupOf, noVideo, ...pictures } = publishPictures(clients, forEach)
  clients.watchedVideo$.subscribe((video) => deps.metrics.webSocketVideoCameras.set(video.size))
  const common = {
    ...deps,
    ...options,
    replay,
    writes,
    ageMs,
    epoch: deps.epoch ?? randomUUID(),
    snapshot: createSnapshotCache(replay, deps.snapshot),
    resolve: deps.resolve ?? ((id: PersonId) => id),
    nowMs: () => deps.time.nowMs(),
    groupOf,
    noVideo,
    onWatch: () => clients.updateWatched(),
  }
  const welcome = (
    socket: WebSocket,
    raw: Duplex,
    { socket: { remoteAddress, remotePort } }: IncomingMessage,
  ): void => {
    const about = { client: `${remoteAddress}:${remotePort}` }
    clients.add(socket, serveClient(socket, raw, { ...common, about }), about)
    checks.wake()
  }
  let closing: Promise<void> | undefined
  const end = async (): Promise<void> => {
    clearInterval(heartbeat)
    checks.close()
    pump.now()
    await clients.close()
    server.close()
  }
  return {
    name: 'websocket',
    watched$: clients.watched$,
    watchedVideo$: clients.watchedVideo$,
    epoch: common.epoch,
    ...lookUpIn(replay, common.resolve, ageMs),
    refuse: (request) =>
      refusalOf(request, { isClosing: closing !== undefined, isFull: clients.count >= options.maxClients }, log),
    accept: (request, socket, head) => {
      socket.on('error', (error) => log.debug({ error: error.message }, 'websocket handshake failed'))
      server.handleUpgrade(request, socket, head, (accepted) => welcome(accepted, socket, request))
    },
    publish: async (events) => {
      if (closing !== undefined) throw new RollcallError('SINK', 'events to websocket: already closed')
      const nowMs = ageMs()
      for (const event of events) replay.add(event, nowMs)
      pump.soon(nowMs)
    },
    ...pictures,
    close: () => (closing ??= end()),
  }
}

/** What is asked of the kept events. */
const lookUpIn = (
  replay: ReplayBuffer,
  resolve: (id: PersonId) => PersonId,
  ageMs: () => number,
): Pick<WebSocketSink, 'find' | 'oldestSequence' | 'recentEvents'> => ({
  find: (search) => findEvents(replay, resolve, search),
  oldestSequence: () => oldestSequence(replay),
  recentEvents: (camera, sinceMs) => findRecent(replay, camera, ageMs() - sinceMs),
})

const createServer = (): WebSocketServer =>
  new WebSocketServer({
    noServer: true,
    // Compression cost 15 times the CPU and a p99 of 310 ms, and pictures do not compress anyway.
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
    handleProtocols: (offered) => (offered.has(protocol) ? protocol : false),
  })

const refusalOf = (
  request: IncomingMessage,
  { isClosing, isFull }: { readonly isClosing: boolean; readonly isFull: boolean },
  log: Log,
): UpgradeRefusal | null => {
  const offered = offers(request)
  if (offered.some((each) => each !== '') && !offered.includes(protocol)) {
    return { status: 400, code: 'SUBPROTOCOL', message: `Sec-WebSocket-Protocol: expected ${protocol} among them` }
  }
  if (isClosing) return { status: 503, code: 'CLOSING', message: 'the server closes' }
  if (!isFull) return null
  log.warn({}, 'websocket client refused: sinks.webSocket.maxClients are connected')
  return { status: 503, code: 'TOO_MANY_CLIENTS', message: 'too many WebSocket clients are connected' }
}
