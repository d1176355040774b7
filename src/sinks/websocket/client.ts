import type { Duplex } from 'node:stream'
import { WebSocket } from 'ws'
import type { Metrics } from '../../metrics.ts'
import type { CameraId, Log } from '../../types.ts'
import type { EventBatch } from './event-batch.ts'
import { type ConsumerDeps, EventConsumer } from './event-consumer.ts'
import type { GatheredWrites } from './gathered-writes.ts'
import { InFlightWindow } from './in-flight-window.ts'
import { createPings } from './pings.ts'
import { closeCodes, type ServerMessage } from './protocol.ts'
import { type ReceiveParts, receiveFrom } from './receive.ts'
import { createTermination } from './termination.ts'
import { textFrame } from './text-frame.ts'
import { createWaitingPictures, type WaitingPictures } from './waiting-pictures.ts'

export interface Client {
  /** Gathers the events that are new for this client, as far as it keeps up; `batch` is what is new for most. */
  pump(batch?: EventBatch): void
  /** Sends a picture when this client watches the camera; while it has no room, the newest waits. */
  sendPicture(camera: CameraId, message: Uint8Array): void
  readonly watched: ReadonlySet<CameraId>
  /** Says that there is nothing new; cuts off a client that has not answered the last one. */
  beat(): void
  /** Asks for what is due and, when it `judges`, closes a client that has been too slow. Returns when the next is due. */
  check(judges: boolean): number
}

export interface ClientDeps
  extends Pick<ConsumerDeps, 'replay' | 'epoch' | 'snapshot' | 'resolve' | 'maxAgeMs' | 'nowMs' | 'ageMs'> {
  readonly maxBufferedBytes: number
  readonly heartbeatMs: number
  /** Shared by all clients; flushed by whoever calls `pump`. */
  readonly writes: GatheredWrites
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
  const { maxBufferedBytes, maxAgeMs, writes, nowMs, ageMs } = deps
  const flush = (): void => writes.flush()
  const isOpen = () => socket.readyState === WebSocket.OPEN
  const inFlight = new InFlightWindow(maxBufferedBytes, maxAgeMs)
  const terminate = createTermination(socket, { ...deps, flush })
  const pings = createPings({ socket, inFlight, maxAgeMs, flush, ageMs })
  const countDrops = createDropCount(deps)
  const send = (frame: Buffer): void => {
    pings.countBytes(frame.length)
    // Between the frames of ws, which writes each at once because nothing is compressed.
    writes.add(raw, frame)
  }
  const tell = (message: ServerMessage): void => {
    if (socket.bufferedAmount > maxBufferedBytes) terminate(closeCodes.tooSlow, 'tooSlow', 'its buffer is full')
    else send(textFrame(JSON.stringify(message)))
  }
  const consumer = new EventConsumer({
    ...deps,
    inFlight,
    send,
    tell,
    onSnapshot: () => pings.send(),
    onDrop: (count) => countDrops('event', count),
  })
  const sendPicture = (message: Uint8Array): void => {
    flush()
    socket.send(message)
  }
  const onDrop = (): void => countDrops('picture', 1)
  const pictures = createWaitingPictures({ inFlight, send: sendPicture, onDrop, ageMs })
  const pump = (batch?: EventBatch): void => {
    if (!isOpen()) return
    consumer.pump(batch)
    // Often enough that a client which only answers pings never waits for one.
    if (consumer.waitsForReading && pings.isDue()) pings.send()
  }
  const goOn = (): void => {
    pump()
    if (isOpen()) pictures.pump()
    flush()
  }
  receiveFrom(socket, { consumer, pictures, pings, goOn, tell, terminate, isOpen, ageMs, onWatch: deps.onWatch })
  const { epoch, heartbeatMs, replay } = deps
  const hello = { type: 'hello', protocol: 'rollcall.v1', epoch, seq: replay.head, nowMs: nowMs() } as const
  tell({ ...hello, heartbeatMs, maxAgeMs })
  flush()

  return {
    pump,
    sendPicture: (camera, message) => {
      if (isOpen()) pictures.offer(camera, message)
    },
    get watched() {
      return pictures.watched
    },
    ...createLifeSigns({ consumer, inFlight, pictures, pings, tell, terminate, isOpen }, deps),
  }
}

interface LifeSignParts extends Pick<ReceiveParts, 'consumer' | 'pictures' | 'pings' | 'terminate' | 'isOpen'> {
  readonly inFlight: InFlightWindow
  readonly tell: (message: ServerMessage) => void
}

/** Heartbeats and pings to one client, and the end of one that does not answer them or is too slow. */
const createLifeSigns = (
  { consumer, inFlight, pictures, pings, tell, terminate, isOpen }: LifeSignParts,
  { maxAgeMs, nowMs, ageMs }: Pick<ClientDeps, 'maxAgeMs' | 'nowMs' | 'ageMs'>,
): Pick<Client, 'beat' | 'check'> => ({
  beat: () => {
    if (!isOpen()) return
    if (!pings.hasAnswered()) return terminate(closeCodes.tooSlow, 'heartbeat', 'a ping was not answered')
    tell({ type: 'heartbeat', seq: consumer.seq, nowMs: nowMs() })
    pings.send()
  },
  check: (judges) => {
    const now = ageMs()
    const words = judges && isOpen() ? overdue(inFlight, pictures, maxAgeMs, now) : undefined
    if (words !== undefined) terminate(closeCodes.tooSlow, 'tooSlow', words)
    if (!isOpen()) return Number.POSITIVE_INFINITY
    if (consumer.waitsForReading && pings.isOverdue(now)) pings.send()
    // What is sent from now on has half of `maxAgeMs` at least, and pings go out twice as often.
    return Math.min(now + maxAgeMs / 4, inFlight.dueMs(), (pictures.oldest()?.atMs ?? now) + maxAgeMs)
  },
})

/** Counts what is left out for one client; the first event that is left out is worth a line in the log. */
const createDropCount = ({ metrics, about, log }: Pick<ClientDeps, 'metrics' | 'about' | 'log'>) => {
  let isSlow = false
  return (kind: 'event' | 'picture', count: number): void => {
    metrics.webSocketDrops.inc({ kind }, count)
    if (kind === 'picture' || isSlow) return
    isSlow = true
    log.info(about, 'websocket client reads too slowly for every event')
  }
}

/** What has not been acknowledged in time, in words. */
const overdue = (
  inFlight: InFlightWindow,
  pictures: WaitingPictures,
  maxAgeMs: number,
  nowMs: number,
): string | undefined => {
  if (nowMs > inFlight.dueMs()) return `not acknowledged within ${maxAgeMs} ms`
  const oldest = pictures.oldest()
  if (oldest && nowMs - oldest.atMs > maxAgeMs) return `picture ${oldest.n} not acknowledged within ${maxAgeMs} ms`
  return undefined
}
