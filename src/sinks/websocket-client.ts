import { WebSocket } from 'ws'
import type { Metrics } from '../metrics.ts'
import { type CameraId, type Log, type RollcallEvent, type Topic, topicOf } from '../types.ts'
import { type ClientMessage, parseClientMessage } from './websocket-protocol.ts'

/**
 * One reads, two are on the way: with one picture unacknowledged a client would idle for a round trip; with three or
 * more the kernel's buffers decide how old a picture is (4 MB there were 12.6 s of pictures).
 */
const maxUnacknowledged = 2

export interface Client {
  /** `text` is the event as JSON; it is left out when not subscribed to, or when the client reads too slowly. */
  send(event: RollcallEvent, text: Buffer): void
  /** Sends a picture when this client watches the camera; while two are unacknowledged, the newest waits. */
  sendPicture(camera: CameraId, message: Uint8Array): void
  readonly watched: ReadonlySet<CameraId>
  /** Pings; cuts off a client that has not answered the last ping. */
  beat(): void
}

export interface ClientDeps {
  readonly maxBufferedBytes: number
  /** Called when `watched` may have changed. */
  readonly onWatch: () => void
  readonly metrics: Pick<Metrics, 'webSocketDrops' | 'webSocketTerminations'>
  /** Fields every log line about this client carries. */
  readonly about: object
  readonly log: Log
}

/** Delivery to one connected client: what it wants, what it can take, and what happens when it cannot. */
export const serveClient = (socket: WebSocket, deps: ClientDeps): Client => {
  const { maxBufferedBytes, metrics, about, log } = deps
  let topics: ReadonlySet<Topic> | undefined
  let cameras: ReadonlySet<CameraId> | undefined
  let watched: ReadonlySet<CameraId> = new Set()
  let isAlive = true
  let isSlow = false
  let sent = 0
  /** Picture number to its camera. */
  const unacknowledged = new Map<number, CameraId>()
  const waiting = new Map<CameraId, Uint8Array>()

  const isOpen = () => socket.readyState === WebSocket.OPEN
  const fits = (message: Uint8Array) => socket.bufferedAmount + message.length <= maxBufferedBytes

  const terminate = (reason: string): void => {
    if (!isOpen()) return
    log.warn({ ...about, reason, bufferedBytes: socket.bufferedAmount }, 'websocket client cut off')
    metrics.webSocketTerminations.inc({ reason })
    // close() would keep what is buffered until the peer reads it, which may be never.
    socket.terminate()
  }

  const drop = (kind: 'event' | 'picture'): void => {
    metrics.webSocketDrops.inc({ kind })
    if (kind === 'event' && !isSlow) {
      isSlow = true
      log.info({ ...about, bufferedBytes: socket.bufferedAmount }, 'websocket client reads too slowly for every frame')
    }
  }

  const sendWaiting = (): void => {
    for (const [camera, message] of waiting) {
      const open = [...unacknowledged.values()].filter((each) => each === camera).length
      if (open >= maxUnacknowledged || !fits(message)) continue
      waiting.delete(camera)
      unacknowledged.set(++sent, camera)
      socket.send(message)
    }
  }

  const receive = (message: ClientMessage): string | undefined => {
    if (message.type === 'subscribe') {
      topics = message.topics && new Set(message.topics)
      cameras = message.cameras && new Set(message.cameras)
    } else if (message.type === 'watch') {
      watched = new Set(message.cameras)
      for (const camera of waiting.keys()) if (!watched.has(camera)) waiting.delete(camera)
      deps.onWatch()
    } else {
      if (!unacknowledged.delete(message.n)) return `n: picture ${message.n} is not waiting for an acknowledgement`
      sendWaiting()
    }
    return undefined
  }

  socket.on('pong', () => {
    isAlive = true
  })
  socket.on('error', (error) => log.debug({ ...about, error: error.message }, 'websocket client failed'))
  socket.on('message', (data, isBinary) => {
    if (!isOpen()) return
    const parsed = isBinary ? 'message: expected text, got binary' : parseClientMessage((data as Buffer).toString())
    const problem = typeof parsed === 'string' ? parsed : receive(parsed)
    if (problem === undefined) return
    log.info({ ...about, problem }, 'websocket client sent an invalid message')
    socket.send(JSON.stringify({ type: 'error', message: problem }))
    socket.close(4400, 'invalid message')
  })

  return {
    send: (event, text) => {
      const topic = topicOf(event)
      if (!isOpen() || (topics && !topics.has(topic))) return
      const camera = 'camera' in event.data ? event.data.camera : null
      if (cameras && camera !== null && !cameras.has(camera)) return
      if (fits(text)) {
        isSlow = false
        socket.send(text, { binary: false })
      } else if (topic === 'frames') {
        drop('event')
      } else if (socket.bufferedAmount + text.length > 2 * maxBufferedBytes) {
        terminate('slow')
      } else {
        socket.send(text, { binary: false })
      }
    },
    sendPicture: (camera, message) => {
      if (!isOpen() || !watched.has(camera)) return
      if (waiting.has(camera)) drop('picture')
      waiting.set(camera, message)
      sendWaiting()
    },
    get watched() {
      return watched
    },
    beat: () => {
      if (!isOpen()) return
      if (!isAlive) return terminate('heartbeat')
      isAlive = false
      socket.ping()
    },
  }
}
