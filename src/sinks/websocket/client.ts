import type { Duplex } from 'node:stream'
import { WebSocket } from 'ws'
import type { Metrics } from '../../metrics.ts'
import type { CameraId, Log, VideoWish } from '../../types.ts'
import { type Binaries, createBinaries } from './binaries.ts'
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
import { createWaitingUnits, type UnitMessage, type WaitingUnits } from './waiting-units.ts'

/** One connected client, as the sink sees it. */
export interface Client {
  /**
   * Gathers the events that this client gets next, as far as it has room. `batch` holds those that most clients get
   * next.
   */
  pump(batch?: EventBatch): void
  /** Sends a picture when this client watches the camera; while it has no room, the newest waits. */
  sendPicture(camera: CameraId, message: Uint8Array): void
  /** Sends a unit when this client watches the camera's video; while it has no room, it waits, or is left out. */
  sendUnit(unit: UnitMessage): void
  /** Tells why the camera's video does not come, when this client watches it; null: it does again. */
  sendNoVideo(camera: CameraId, reason: string | null): void
  /** The cameras whose stills the client wants. */
  readonly watched: ReadonlySet<CameraId>
  /** The cameras whose own video it wants. */
  readonly watchedVideo: ReadonlyMap<CameraId, VideoWish>
  /** Sends a heartbeat and a ping; closes a client that has not answered the last ping. */
  beat(): void
  /**
   * Sends a ping that is due. When it `judges`, closes a client that has been too slow. Returns when it must be called
   * next.
   */
  check(judges: boolean): number
}

/** What all clients share, and the limits of each. */
export interface ClientDeps
  extends Pick<ConsumerDeps, 'replay' | 'epoch' | 'snapshot' | 'resolve' | 'maxAgeMs' | 'nowMs' | 'ageMs'> {
  readonly maxBufferedBytes: number
  readonly heartbeatMs: number
  /** Shared by all clients; flushed by whoever calls `pump`. */
  readonly writes: GatheredWrites
  /** The units that a client gets first of a camera whose video it has not watched before. */
  readonly groupOf: (camera: CameraId) => readonly UnitMessage[]
  /** Why a camera's video cannot be sent; null as far as is known. */
  readonly noVideo: (camera: CameraId) => string | null
  /** Called when `watched` or `watchedVideo` may have changed. */
  readonly onWatch: () => void
  readonly metrics: Pick<Metrics, 'webSocketDrops' | 'webSocketTerminations'>
  /** Fields of every log line about this client. */
  readonly about: object
  readonly log: Log
}

/**
 * Serves one connected client: sends hello, then events and pictures as it acknowledges them, and closes a client that is too
 * slow. `raw` is the stream under `socket`; event frames are written to it directly.
 */
export const serveClient = (socket: WebSocket, raw: Duplex, deps: ClientDeps): Client => {
  const { maxBufferedBytes, maxAgeMs, writes, nowMs, ageMs } = deps
  const flush = (): void => writes.flush()
  const isOpen = () => socket.readyState === WebSocket.OPEN
  const inFlight = new InFlightWindow(maxBufferedBytes, maxAgeMs)
  const terminate = createTermination(socket, { ...deps, flush })
  const pings = createPings({ socket, inFlight, binariesSent: () => binaries.sent, maxAgeMs, flush, ageMs })
  const countDrops = createDropCount(deps)
  const send = (frame: Buffer): void => {
    pings.countBytes(frame.length)
    // These frames go between those of ws, which writes each at once because nothing is compressed.
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
  const sendBinary = (message: Uint8Array): void => {
    pings.countBytes(message.length)
    flush()
    socket.send(message)
  }
  const binaries = createBinaries({ inFlight, send: sendBinary, maxAgeMs, ageMs })
  const pictures = createWaitingPictures({ binaries, onDrop: () => countDrops('picture', 1) })
  const units = createWaitingUnits({ binaries, onDrop: (count) => countDrops('unit', count), ageMs })
  const pump = (batch?: EventBatch): void => {
    if (!isOpen()) return
    consumer.pump(batch)
    // A client that only answers pings must never have to wait for one.
    if ((consumer.waitsForReading || binaries.waitsForReading) && pings.isDue()) pings.send()
  }
  const goOn = (): void => {
    pump()
    if (isOpen()) {
      units.pump()
      pictures.pump()
    }
    flush()
  }
  const { watch, sendNoVideo } = createWatching({ pictures, units, tell, isOpen }, deps)
  receiveFrom(socket, { consumer, binaries, pings, goOn, tell, terminate, isOpen, ageMs, watch })
  const { epoch, heartbeatMs, replay } = deps
  const hello = { type: 'hello', protocol: 'rollcall.v1', epoch, seq: replay.head, nowMs: nowMs() } as const
  tell({ ...hello, heartbeatMs, maxAgeMs })
  flush()

  return {
    pump,
    sendPicture: (camera, message) => {
      if (isOpen()) pictures.offer(camera, message)
    },
    sendUnit: (unit) => {
      if (isOpen()) units.offer(unit)
    },
    sendNoVideo,
    get watched() {
      return pictures.watched
    },
    watchedVideo: units.watched,
    ...createLifeSigns({ consumer, inFlight, binaries, pings, goOn, tell, terminate, isOpen }, deps),
  }
}

interface WatchingParts extends Pick<ReceiveParts, 'isOpen'> {
  readonly tell: (message: ServerMessage) => void
  readonly pictures: WaitingPictures
  readonly units: WaitingUnits
}

/** Changes what the client watches, and tells why some video does not come. */
const createWatching = (
  { pictures, units, tell, isOpen }: WatchingParts,
  { groupOf, onWatch, noVideo }: Pick<ClientDeps, 'groupOf' | 'onWatch' | 'noVideo'>,
): Pick<ReceiveParts, 'watch'> & Pick<Client, 'sendNoVideo'> => {
  const sendNoVideo = (camera: CameraId, reason: string | null): void => {
    if (isOpen() && units.watched.has(camera)) tell({ type: 'noVideo', camera, reason })
  }
  const watch = (cameras: readonly CameraId[], video: readonly VideoWish[]): void => {
    const before = new Set(units.watched.keys())
    pictures.watch(new Set(cameras))
    units.watch(video, groupOf)
    onWatch()
    for (const { camera } of video) {
      const reason = before.has(camera) ? null : noVideo(camera)
      if (reason !== null) sendNoVideo(camera, reason)
    }
  }
  return { watch, sendNoVideo }
}

interface LifeSignParts extends Pick<ReceiveParts, 'consumer' | 'pings' | 'goOn' | 'terminate' | 'isOpen'> {
  readonly binaries: Binaries
  readonly inFlight: InFlightWindow
  readonly tell: (message: ServerMessage) => void
}

/** Sends heartbeats and pings, and closes a client that does not answer them or is too slow. */
const createLifeSigns = (
  { consumer, inFlight, binaries, pings, goOn, tell, terminate, isOpen }: LifeSignParts,
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
    const words = judges && isOpen() ? overdue(inFlight, binaries, maxAgeMs, now) : undefined
    if (words !== undefined) terminate(closeCodes.tooSlow, 'tooSlow', words)
    if (!isOpen()) return Number.POSITIVE_INFINITY
    const mustAsk =
      consumer.waitsForReading || binaries.waitsForReading || inFlight.isUnread(now) || binaries.isUnread(now)
    if (mustAsk && pings.isOverdue(now)) pings.send()
    const released = [inFlight.releaseRead(now), binaries.releaseRead(now)]
    if (released.includes(true)) goOn()
    // Whatever is sent from now on has at least half of `maxAgeMs` left, and pings go out twice as often as that.
    return Math.min(now + maxAgeMs / 4, inFlight.dueMs(), binaries.due()?.atMs ?? now + maxAgeMs)
  },
})

/** Counts what one client does not get; logs only the first event that is dropped. */
const createDropCount = ({ metrics, about, log }: Pick<ClientDeps, 'metrics' | 'about' | 'log'>) => {
  let isSlow = false
  return (kind: 'event' | 'picture' | 'unit', count: number): void => {
    metrics.webSocketDrops.inc({ kind }, count)
    if (kind !== 'event' || isSlow) return
    isSlow = true
    log.info(about, 'websocket client reads too slowly for every event')
  }
}

/** Says in words what has not been read in time; undefined when nothing is late. */
const overdue = (
  inFlight: InFlightWindow,
  binaries: Pick<Binaries, 'due'>,
  maxAgeMs: number,
  nowMs: number,
): string | undefined => {
  if (nowMs > inFlight.dueMs()) return `not read within ${maxAgeMs} ms`
  const due = binaries.due()
  if (due && nowMs > due.atMs) return `binary message ${due.n} not read within ${maxAgeMs} ms and its own time`
  return undefined
}
