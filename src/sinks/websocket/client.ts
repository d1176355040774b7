import type { Duplex } from 'node:stream'
import { WebSocket } from 'ws'
import type { Metrics } from '../../metrics.ts'
import type { CameraId, Log } from '../../types.ts'
import { type CursorDeps, EventCursor } from './event-cursor.ts'
import type { EventStep } from './event-step.ts'
import { FlowWindow } from './flow-window.ts'
import {
  type ClientMessage,
  closeCodes,
  maxMessagesPerSecond,
  parseClientMessage,
  type ServerMessage,
} from './protocol.ts'
import { textFrame } from './text-frame.ts'
import { createWaitingPictures } from './waiting-pictures.ts'
import type { WriteBatch } from './write-batch.ts'

/** How long a client may take to answer the closing handshake. */
export const closeTimeoutMs = 1000

/** Errors of ws that are the peer's: the code with which ws closes. */
const violations: Readonly<Record<string, keyof typeof closeCodes>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 'tooBig',
  WS_ERR_INVALID_UTF8: 'notUtf8',
}

export interface Client {
  /** Adds what has become of the ring since to the batch, as far as the client keeps up; `step` is that for most. */
  pump(step?: EventStep): void
  /** Sends a picture when this client watches the camera; while it has no room, the newest waits. */
  sendPicture(camera: CameraId, message: Uint8Array): void
  readonly watched: ReadonlySet<CameraId>
  /** Says that there is nothing new; cuts off a client that has not answered the last one. */
  beat(): void
  /** Asks for what is due and, when it `judges`, closes a client that has been too slow. Returns when the next is due. */
  check(judges: boolean): number
}

export interface ClientDeps
  extends Pick<CursorDeps, 'ring' | 'epoch' | 'snapshot' | 'resolve' | 'maxAgeMs' | 'nowMs' | 'ageMs'> {
  readonly maxBufferedBytes: number
  readonly heartbeatMs: number
  /** Shared by all clients; flushed by whoever calls `pump`. */
  readonly batch: WriteBatch
  /** Called when `watched` may have changed. */
  readonly onWatch: () => void
  readonly metrics: Pick<Metrics, 'webSocketDrops' | 'webSocketTerminations'>
  /** Fields every log line about this client carries. */
  readonly about: object
  readonly log: Log
}

/**
 * Delivery to one connected client: what it wants, what it can take, and what happens when it cannot. `raw` is the
 * stream under `socket`.
 */
export const serveClient = (socket: WebSocket, raw: Duplex, deps: ClientDeps): Client => {
  const { ring, epoch, maxBufferedBytes, maxAgeMs, heartbeatMs, batch, nowMs, ageMs, metrics, about, log } = deps
  const flow = new FlowWindow(maxBufferedBytes, maxAgeMs)
  /** How many marks the newest ping came after: its pong says that these have been read. */
  let pinged = 0
  let pingedAtMs = Number.NEGATIVE_INFINITY
  let bytesSincePing = 0
  let isAlive = true
  let isSlow = false
  /** Whether it acknowledges events itself; until it does, reading them is taken for that. */
  let acknowledges = false
  let allowance = maxMessagesPerSecond
  let allowedAtMs = ageMs()

  const isOpen = () => socket.readyState === WebSocket.OPEN

  const end = (code: number, reason: keyof typeof closeCodes | 'heartbeat', words: string): void => {
    if (!isOpen()) return
    batch.flush()
    log.warn({ ...about, reason, words, bufferedBytes: socket.bufferedAmount }, 'websocket client cut off')
    metrics.webSocketTerminations.inc({ reason })
    // close() would keep what is buffered until the peer reads it, which may be never.
    if (code === closeCodes.tooSlow && socket.bufferedAmount > 0) socket.terminate()
    else {
      socket.close(code, words)
      setTimeout(() => socket.terminate(), closeTimeoutMs).unref()
    }
  }

  const send = (frame: Buffer): void => {
    bytesSincePing += frame.length
    // Between the frames of ws, which writes each at once because nothing is compressed.
    batch.add(raw, frame)
  }

  const tell = (message: ServerMessage): void => {
    if (socket.bufferedAmount > maxBufferedBytes) end(closeCodes.tooSlow, 'tooSlow', 'its buffer is full')
    else send(textFrame(JSON.stringify(message)))
  }

  const ping = (): void => {
    pinged = flow.marked
    pingedAtMs = ageMs()
    bytesSincePing = 0
    batch.flush()
    socket.ping(String(pinged))
  }

  const onDrop = (kind: 'event' | 'picture', count: number): void => {
    metrics.webSocketDrops.inc({ kind }, count)
    if (kind === 'picture' || isSlow) return
    isSlow = true
    log.info(about, 'websocket client reads too slowly for every event')
  }

  const { snapshot, resolve } = deps
  const cursor = new EventCursor({
    ring,
    epoch,
    flow,
    maxAgeMs,
    snapshot,
    resolve,
    nowMs,
    ageMs,
    send,
    tell,
    onSnapshot: ping,
    onDrop: (count) => onDrop('event', count),
  })
  const pictures = createWaitingPictures({
    flow,
    send: (message) => {
      batch.flush()
      socket.send(message)
    },
    onDrop: () => onDrop('picture', 1),
    ageMs,
  })

  const needsPings = () => !acknowledges || cursor.snapshotUnderWay

  const pump = (step?: EventStep): void => {
    if (!isOpen()) return
    cursor.pump(step)
    // Often enough that a client which only answers pings never waits for one.
    if (needsPings() && bytesSincePing > flow.bytes / 4) ping()
  }

  /** After an acknowledgement: pictures wait for nothing else. */
  const goOn = (): void => {
    pump()
    if (isOpen()) pictures.pump()
    batch.flush()
  }

  const receive = (message: ClientMessage): string | undefined => {
    if (message.type === 'subscribe') cursor.subscribe(message)
    else if (message.type === 'watch') {
      pictures.watch(new Set(message.cameras))
      deps.onWatch()
    } else {
      const { seq, n } = message
      if (seq !== undefined && seq > cursor.sentSeq) return `seq: event ${seq} has not been sent`
      if (n !== undefined && !pictures.acknowledge(n)) return `n: picture ${n} is not waiting for an acknowledgement`
      if (seq !== undefined) {
        acknowledges = true
        flow.acknowledgeSeq(seq, ageMs())
      }
    }
    goOn()
    return undefined
  }

  /** A token bucket that holds one second's worth. */
  const isAllowed = (): boolean => {
    const now = ageMs()
    allowance = Math.min(maxMessagesPerSecond, allowance + ((now - allowedAtMs) / 1000) * maxMessagesPerSecond)
    allowedAtMs = now
    return --allowance >= 0
  }

  socket.on('pong', (data) => {
    isAlive = true
    const read = Number(data.toString('latin1'))
    if (!(read <= flow.marked)) return
    flow.acknowledgeRead(read, !acknowledges, ageMs())
    cursor.read(read)
    goOn()
  })
  socket.on('error', (error: Error & { code?: string }) => {
    const reason = violations[error.code ?? ''] ?? (error.code?.startsWith('WS_ERR_') ? 'protocolError' : undefined)
    if (reason === undefined) log.debug({ ...about, error: error.message }, 'websocket client failed')
    else {
      log.warn({ ...about, reason, words: error.message }, 'websocket client cut off')
      metrics.webSocketTerminations.inc({ reason })
      // ws has sent the close frame.
      setTimeout(() => socket.terminate(), closeTimeoutMs).unref()
    }
  })
  socket.on('message', (data, isBinary) => {
    if (!isOpen()) return
    if (!isAllowed()) {
      return end(closeCodes.tooManyMessages, 'tooManyMessages', `more than ${maxMessagesPerSecond} messages a second`)
    }
    const parsed = isBinary ? 'message: expected text, got binary' : parseClientMessage((data as Buffer).toString())
    const problem = typeof parsed === 'string' ? parsed : receive(parsed)
    if (problem === undefined) return
    tell({ type: 'error', message: problem })
    end(closeCodes.invalidMessage, 'invalidMessage', 'invalid message')
  })

  const hello = { type: 'hello', protocol: 'rollcall.v1', epoch, seq: ring.head, nowMs: nowMs() } as const
  tell({ ...hello, heartbeatMs, maxAgeMs })
  batch.flush()

  const overdue = (now: number): string | undefined => {
    if (now > flow.dueMs()) return `not acknowledged within ${maxAgeMs} ms`
    const oldest = pictures.oldest()
    if (oldest && now - oldest.atMs > maxAgeMs) return `picture ${oldest.n} not acknowledged within ${maxAgeMs} ms`
    return undefined
  }

  return {
    pump,
    sendPicture: (camera, message) => {
      if (isOpen()) pictures.offer(camera, message)
    },
    get watched() {
      return pictures.watched
    },
    beat: () => {
      if (!isOpen()) return
      if (!isAlive) return end(closeCodes.tooSlow, 'heartbeat', 'a ping was not answered')
      isAlive = false
      tell({ type: 'heartbeat', seq: cursor.seq, nowMs: nowMs() })
      ping()
    },
    check: (judges) => {
      const now = ageMs()
      const words = judges && isOpen() ? overdue(now) : undefined
      if (words !== undefined) end(closeCodes.tooSlow, 'tooSlow', words)
      if (!isOpen()) return Number.POSITIVE_INFINITY
      if (needsPings() && pinged < flow.marked && now - pingedAtMs > maxAgeMs / 4) ping()
      // What is sent from now on has half of `maxAgeMs` at least, and pings go out twice as often.
      return Math.min(now + maxAgeMs / 4, flow.dueMs(), (pictures.oldest()?.atMs ?? now) + maxAgeMs)
    },
  }
}
