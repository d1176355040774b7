import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { BehaviorSubject, distinctUntilChanged, type Observable } from 'rxjs'
import { type WebSocket, WebSocketServer } from 'ws'
import { RollcallError } from '../errors.ts'
import type { Metrics } from '../metrics.ts'
import type { CameraId, Log, Time } from '../types.ts'
import type { WebSocketOptions } from './options.ts'
import type { Sink } from './sink.ts'
import { type Client, serveClient } from './websocket-client.ts'
import { encodePicture, type FramePicture, type Hello, protocol, type Snapshot } from './websocket-protocol.ts'

/** A client's own messages are short; whoever sends more is closed with 1009. */
const maxMessageBytes = 16_384
/** How long a client may take to answer the closing handshake. */
const closeTimeoutMs = 1000

export interface WebSocketSink extends Sink {
  /** Takes over a request to upgrade, whose origin the server has checked. */
  readonly accept: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** Sends a picture with its boxes to those who watch the camera. A client that cannot keep up gets the newest. */
  publishPicture(picture: FramePicture): void
  /** The cameras that somebody watches: only these need pictures. Emits the current set first, completes on close. */
  readonly watched$: Observable<ReadonlySet<CameraId>>
}

export interface WebSocketDeps {
  readonly snapshot: () => Snapshot
  readonly metrics: Pick<Metrics, 'webSocketClients' | 'webSocketDrops' | 'webSocketTerminations'>
  readonly log: Log
  readonly time: Time
}

const sameSet = (a: ReadonlySet<CameraId>, b: ReadonlySet<CameraId>): boolean =>
  a.size === b.size && [...a].every((each) => b.has(each))

/**
 * Broadcasts events to the clients of `/ws`, as `websocket-protocol.ts` says. `publish` never waits for a client:
 * each has its own bound, and whoever exceeds it loses frames first and then the connection.
 */
export const webSocketSink = (options: WebSocketOptions, deps: WebSocketDeps): WebSocketSink => {
  const { log, metrics } = deps
  const server = new WebSocketServer({
    noServer: true,
    // On everything it cost 15 times the CPU and a p99 of 310 ms; pictures do not compress anyway.
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
    handleProtocols: (offered) => (offered.has(protocol) ? protocol : false),
  })
  const clients = new Map<WebSocket, Client>()
  const watched = new BehaviorSubject<ReadonlySet<CameraId>>(new Set())
  const updateWatched = () => watched.next(new Set([...clients.values()].flatMap((client) => [...client.watched])))
  const heartbeat = setInterval(() => {
    for (const client of clients.values()) client.beat()
  }, options.heartbeatMs)
  // Clients keep the process alive, their heartbeat does not: a start that fails elsewhere can end.
  heartbeat.unref()
  let closing: Promise<void> | undefined

  const welcome = (socket: WebSocket, request: IncomingMessage): void => {
    const about = { client: `${request.socket.remoteAddress}:${request.socket.remotePort}` }
    const { maxBufferedBytes } = options
    clients.set(socket, serveClient(socket, { maxBufferedBytes, onWatch: updateWatched, metrics, about, log }))
    metrics.webSocketClients.set(clients.size)
    log.debug(about, 'websocket client connected')
    socket.on('close', (code) => {
      clients.delete(socket)
      metrics.webSocketClients.set(clients.size)
      updateWatched()
      log.debug({ ...about, code }, 'websocket client gone')
    })
    const hello: Hello = { type: 'hello', protocol, nowMs: deps.time.nowMs(), snapshot: deps.snapshot() }
    socket.send(JSON.stringify(hello))
  }

  const end = async (): Promise<void> => {
    clearInterval(heartbeat)
    const gone = [...clients.keys()].map((socket) => new Promise((resolve) => socket.once('close', resolve)))
    for (const socket of clients.keys()) socket.close(1001, 'server closes')
    const impatience = setTimeout(() => {
      for (const socket of clients.keys()) socket.terminate()
    }, closeTimeoutMs)
    await Promise.all(gone)
    clearTimeout(impatience)
    server.close()
    watched.complete()
  }

  return {
    name: 'websocket',
    watched$: watched.pipe(distinctUntilChanged(sameSet)),
    accept: (request, socket, head) => {
      socket.on('error', (error) => log.debug({ error: error.message }, 'websocket handshake failed'))
      if (closing !== undefined || clients.size >= options.maxClients) {
        log.warn({ clients: clients.size }, 'websocket client refused: sinks.webSocket.maxClients are connected')
        socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
        return
      }
      server.handleUpgrade(request, socket, head, welcome)
    },
    publish: async (events) => {
      if (closing !== undefined) throw new RollcallError('SINK', 'events to websocket: already closed')
      if (clients.size === 0) return
      for (const event of events) {
        const text = Buffer.from(JSON.stringify(event))
        for (const client of clients.values()) client.send(event, text)
      }
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
