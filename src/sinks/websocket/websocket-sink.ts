import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { BehaviorSubject, distinctUntilChanged, type Observable } from 'rxjs'
import { type WebSocket, WebSocketServer } from 'ws'
import { RollcallError } from '../../errors.ts'
import type { Metrics } from '../../metrics.ts'
import type { CameraId, Log, PersonId, Time } from '../../types.ts'
import type { Sink } from '../sink.ts'
import { type Client, closeTimeoutMs, serveClient } from './client.ts'
import { createEventRing } from './event-ring.ts'
import { stepAfter } from './event-step.ts'
import type { WebSocketOptions } from './options.ts'
import { closeCodes, encodePicture, type FramePicture, maxMessageBytes, protocol, type Snapshot } from './protocol.ts'
import { createWriteBatch } from './write-batch.ts'

/** Each client is looked at this often in `maxAgeMs`. */
const checksPerAge = 10
/** After a pause of this process clients get this many of these periods to answer before they are judged. */
const periodsOfGrace = 3
/** So many events are enough to be written: more would save little more. */
const gatherEvents = 32

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
 * from one bounded ring, each at its own pace, and whoever falls behind loses frames first and then the connection.
 */
export const webSocketSink = (options: WebSocketOptions, deps: WebSocketDeps): WebSocketSink => {
  const {
    log,
    metrics,
    snapshot,
    resolve = (id) => id,
    time,
    ageMs = () => performance.now(),
    epoch = randomUUID(),
  } = deps
  const { maxAgeMs, maxBufferedBytes, heartbeatMs, gatherMs } = options
  const ring = createEventRing(options.replayBytes)
  const server = new WebSocketServer({
    noServer: true,
    // On everything it cost 15 times the CPU and a p99 of 310 ms; pictures do not compress anyway.
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
    handleProtocols: (offered) => (offered.has(protocol) ? protocol : false),
  })
  const clients = new Map<WebSocket, Client>()
  const batch = createWriteBatch()
  const watched = new BehaviorSubject<ReadonlySet<CameraId>>(new Set())
  const updateWatched = () => watched.next(new Set([...clients.values()].flatMap((client) => [...client.watched])))
  const forEach = (what: (client: Client) => void): void => {
    for (const client of clients.values()) what(client)
  }
  // Clients keep the process alive, these timers do not: a start that fails elsewhere can end.
  const beat = (): void => {
    forEach((client) => client.beat())
    batch.flush()
  }
  const heartbeat = setInterval(beat, heartbeatMs).unref()
  const periodMs = maxAgeMs / checksPerAge
  let checkedAtMs = ageMs()
  let graceUntilMs = 0
  /** The earliest of all clients: looking at each costs as much as writing to some of them. */
  let checkDueMs = 0
  const check = (): void => {
    const nowMs = ageMs()
    // A pause of this process is not the clients' fault.
    if (nowMs - checkedAtMs > 3 * periodMs) graceUntilMs = nowMs + periodsOfGrace * periodMs
    checkedAtMs = nowMs
    if (nowMs < checkDueMs) return
    checkDueMs = Number.POSITIVE_INFINITY
    const judges = nowMs >= graceUntilMs
    forEach((client) => {
      checkDueMs = Math.min(checkDueMs, client.check(judges))
    })
  }
  // After what has arrived meanwhile has been read.
  const checks = setInterval(() => setImmediate(check), periodMs).unref()
  let closing: Promise<void> | undefined
  let pumpAfterMs = Number.NEGATIVE_INFINITY
  let pumpedSeq = 0
  let timer: NodeJS.Timeout | undefined
  let immediate: NodeJS.Immediate | undefined
  const pump = (): void => {
    clearTimeout(timer)
    clearImmediate(immediate)
    timer = immediate = undefined
    const nowMs = ageMs()
    const step = stepAfter(pumpedSeq, ring, nowMs, maxAgeMs)
    pumpAfterMs = nowMs + gatherMs
    pumpedSeq = ring.head
    forEach((client) => client.pump(step))
    batch.flush()
  }
  /** At once after a pause or when there is much; else what is published meanwhile goes to each client in one write. */
  const pumpSoon = (nowMs: number): void => {
    const isDue = nowMs >= pumpAfterMs || ring.head - pumpedSeq >= gatherEvents
    if (isDue) immediate ??= setImmediate(pump)
    else timer ??= setTimeout(pump, pumpAfterMs - nowMs)
  }

  const welcome = (socket: WebSocket, raw: Duplex, request: IncomingMessage): void => {
    const about = { client: `${request.socket.remoteAddress}:${request.socket.remotePort}` }
    const limits = { maxAgeMs, maxBufferedBytes, heartbeatMs }
    const client = serveClient(socket, raw, {
      ...limits,
      batch,
      ring,
      epoch,
      snapshot,
      resolve,
      metrics,
      about,
      log,
      ageMs,
      nowMs: () => time.nowMs(),
      onWatch: updateWatched,
    })
    clients.set(socket, client)
    checkDueMs = 0
    metrics.webSocketClients.set(clients.size)
    log.debug(about, 'websocket client connected')
    socket.on('close', (code) => {
      clients.delete(socket)
      metrics.webSocketClients.set(clients.size)
      updateWatched()
      log.debug({ ...about, code }, 'websocket client gone')
    })
  }

  const end = async (): Promise<void> => {
    clearInterval(heartbeat)
    clearInterval(checks)
    pump()
    const gone = [...clients.keys()].map((socket) => new Promise((resolve) => socket.once('close', resolve)))
    for (const socket of clients.keys()) socket.close(closeCodes.goingAway, 'server closes')
    const impatience = setTimeout(() => {
      for (const socket of clients.keys()) socket.terminate()
    }, closeTimeoutMs)
    await Promise.all(gone)
    clearTimeout(impatience)
    server.close()
    watched.complete()
  }

  const refuse = (request: IncomingMessage): UpgradeRefusal | null => {
    const offered = offers(request)
    if (offered.some((each) => each !== '') && !offered.includes(protocol)) {
      return { status: 400, code: 'SUBPROTOCOL', message: `Sec-WebSocket-Protocol: expected ${protocol} among them` }
    }
    if (closing !== undefined) return { status: 503, code: 'CLOSING', message: 'the server closes' }
    if (clients.size < options.maxClients) return null
    log.warn({ clients: clients.size }, 'websocket client refused: sinks.webSocket.maxClients are connected')
    return { status: 503, code: 'TOO_MANY_CLIENTS', message: 'too many WebSocket clients are connected' }
  }

  return {
    name: 'websocket',
    watched$: watched.pipe(distinctUntilChanged(sameSet)),
    refuse,
    accept: (request, socket, head) => {
      socket.on('error', (error) => log.debug({ error: error.message }, 'websocket handshake failed'))
      server.handleUpgrade(request, socket, head, (accepted) => welcome(accepted, socket, request))
    },
    publish: async (events) => {
      if (closing !== undefined) throw new RollcallError('SINK', 'events to websocket: already closed')
      const nowMs = ageMs()
      for (const event of events) ring.add(event, nowMs)
      pumpSoon(nowMs)
    },
    publishPicture: (picture) => {
      const { camera } = picture.frame
      if (!watched.value.has(camera)) return
      const message = encodePicture(picture)
      forEach((client) => client.sendPicture(camera, message))
    },
    close: () => (closing ??= end()),
  }
}
