import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { BehaviorSubject, distinctUntilChanged, type Observable } from 'rxjs'
import { type WebSocket, WebSocketServer } from 'ws'
import { RollcallError } from '../../errors.ts'
import type { Metrics } from '../../metrics.ts'
import type { CameraId, Log, PersonId, Time } from '../../types.ts'
import type { Sink } from '../sink.ts'
import { type Client, serveClient } from './client.ts'
import { startClientChecks } from './client-checks.ts'
import { createEventPump } from './event-pump.ts'
import { createGatheredWrites } from './gathered-writes.ts'
import type { WebSocketOptions } from './options.ts'
import { closeCodes, encodePicture, type FramePicture, maxMessageBytes, protocol, type Snapshot } from './protocol.ts'
import { createReplayBuffer } from './replay-buffer.ts'
import { createSnapshotCache } from './snapshot-cache.ts'
import { closeTimeoutMs } from './termination.ts'

/** Why no client is taken on right now. */
export interface UpgradeRefusal {
  readonly status: 400 | 503
  readonly code: string
  readonly message: string
}

export interface WebSocketSink extends Sink {
  /** Null when the request could be accepted. */
  readonly refuse: (request: IncomingMessage) => UpgradeRefusal | null
  /** Takes over a request to upgrade that the server has let in and that `refuse` does not refuse. */
  readonly accept: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** Sends a picture with its boxes to those who watch the camera. A client that cannot keep up gets the newest. */
  publishPicture(picture: FramePicture): void
  /** The cameras that somebody watches: only these need pictures. Emits the current set first, completes on close. */
  readonly watched$: Observable<ReadonlySet<CameraId>>
}

export interface WebSocketDeps {
  readonly snapshot: () => Snapshot
  /** Who a person was merged into; nobody is when left out. */
  readonly resolve?: (id: PersonId) => PersonId
  readonly metrics: Pick<Metrics, 'webSocketClients' | 'webSocketDrops' | 'webSocketTerminations'>
  readonly log: Log
  readonly time: Time
  /** Milliseconds on a clock that never jumps, for ages; `performance.now()` when left out. */
  readonly ageMs?: () => number
  /** Names this run; random when left out. */
  readonly epoch?: string
}

const sameSet = (a: ReadonlySet<CameraId>, b: ReadonlySet<CameraId>): boolean =>
  a.size === b.size && [...a].every((each) => b.has(each))

const offers = (request: IncomingMessage): readonly string[] =>
  (request.headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim())

/**
 * Broadcasts events to the clients of `/ws`, as docs/websocket.md says. `publish` never waits for a client: all read
 * from one bounded replay buffer, each at its own pace, and whoever falls behind loses frames first and then the
 * connection.
 */
export const webSocketSink = (options: WebSocketOptions, deps: WebSocketDeps): WebSocketSink => {
  const { log, metrics, ageMs = () => performance.now() } = deps
  const { maxAgeMs, gatherMs, heartbeatMs } = options
  const replay = createReplayBuffer(options.replayBytes)
  const writes = createGatheredWrites()
  const clients = new Map<WebSocket, Client>()
  const watched = new BehaviorSubject<ReadonlySet<CameraId>>(new Set())
  const updateWatched = () => watched.next(new Set([...clients.values()].flatMap((client) => [...client.watched])))
  const forEach = (what: (client: Client) => void): void => {
    for (const client of clients.values()) what(client)
    writes.flush()
  }
  const pump = createEventPump({
    replay,
    gatherMs,
    maxAgeMs,
    ageMs,
    deliver: (batch) => forEach((client) => client.pump(batch)),
  })
  // Clients keep the process alive, these timers do not: a start that fails elsewhere can end.
  const heartbeat = setInterval(() => forEach((client) => client.beat()), heartbeatMs).unref()
  const checks = startClientChecks({ clients: () => clients.values(), maxAgeMs, ageMs })
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
    onWatch: updateWatched,
  }
  let closing: Promise<void> | undefined

  const welcome = (
    socket: WebSocket,
    raw: Duplex,
    { socket: { remoteAddress, remotePort } }: IncomingMessage,
  ): void => {
    const about = { client: `${remoteAddress}:${remotePort}` }
    clients.set(socket, serveClient(socket, raw, { ...common, about }))
    checks.wake()
    metrics.webSocketClients.set(clients.size)
    log.debug(about, 'websocket client connected')
    socket.on('close', (code) => {
      clients.delete(socket)
      metrics.webSocketClients.set(clients.size)
      updateWatched()
      log.debug({ ...about, code }, 'websocket client gone')
    })
  }
  const server = createServer()
  const end = async (): Promise<void> => {
    clearInterval(heartbeat)
    checks.close()
    pump.now()
    await sayGoodbye([...clients.keys()])
    server.close()
    watched.complete()
  }

  return {
    name: 'websocket',
    watched$: watched.pipe(distinctUntilChanged(sameSet)),
    refuse: (request) => {
      const refusal = refusalOf(request, {
        isClosing: closing !== undefined,
        isFull: clients.size >= options.maxClients,
      })
      if (refusal?.code === 'TOO_MANY_CLIENTS')
        log.warn({ clients: clients.size }, 'websocket client refused: sinks.webSocket.maxClients are connected')
      return refusal
    },
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
    publishPicture: (picture) => {
      const { camera } = picture.frame
      if (!watched.value.has(camera)) return
      const message = encodePicture(picture)
      for (const client of clients.values()) client.sendPicture(camera, message)
    },
    close: () => (closing ??= end()),
  }
}

const createServer = (): WebSocketServer =>
  new WebSocketServer({
    noServer: true,
    // On everything it cost 15 times the CPU and a p99 of 310 ms; pictures do not compress anyway.
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
    handleProtocols: (offered) => (offered.has(protocol) ? protocol : false),
  })

const refusalOf = (
  request: IncomingMessage,
  { isClosing, isFull }: { readonly isClosing: boolean; readonly isFull: boolean },
): UpgradeRefusal | null => {
  const offered = offers(request)
  if (offered.some((each) => each !== '') && !offered.includes(protocol)) {
    return { status: 400, code: 'SUBPROTOCOL', message: `Sec-WebSocket-Protocol: expected ${protocol} among them` }
  }
  if (isClosing) return { status: 503, code: 'CLOSING', message: 'the server closes' }
  return isFull ? { status: 503, code: 'TOO_MANY_CLIENTS', message: 'too many WebSocket clients are connected' } : null
}

/** Closes each with 1001; cuts off who does not answer in time. */
const sayGoodbye = async (sockets: readonly WebSocket[]): Promise<void> => {
  const gone = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)))
  for (const socket of sockets) socket.close(closeCodes.goingAway, 'server closes')
  const impatience = setTimeout(() => {
    for (const socket of sockets) socket.terminate()
  }, closeTimeoutMs)
  await Promise.all(gone)
  clearTimeout(impatience)
}
