import { type ClientOptions, createAttempts, type Status } from './attempts.ts'
import type { EventOf, EventType, RollcallEvent } from './events.ts'
import { createListeners, type Off } from './listeners.ts'
import { createPeople, type People } from './people.ts'
import type {
  ClientMessage,
  Dropped,
  NoVideo,
  Picture,
  Position,
  ServerMessage,
  SnapshotMessage,
  Subscription,
  Unit,
  Watch,
} from './protocol.ts'

/**
 * A connection to Rollcall that comes back by itself, and goes on where the last one ended. Listeners may return promises: an
 * event is acknowledged, and the next one told, when they are settled. Whoever makes it closes it.
 */
export interface Client {
  readonly status: Status
  /** Who is who: names, aliases, whom an ID stands for. Told by snapshots, and by the events that are subscribed to. */
  readonly people: People
  /** The newest event that was dealt with; undefined before the first snapshot. */
  readonly position: Position | undefined
  /** The server's clock, Unix milliseconds, by which times in snapshots are to be read. */
  nowMs(): number
  onStatus(listener: (status: Status) => void): Off
  /** The state of the site: replace yours by it. */
  onSnapshot(listener: (message: SnapshotMessage) => void): Off
  onEvent(listener: (event: RollcallEvent) => void | Promise<void>): Off
  /** Events of one type only. */
  on<Type extends EventType>(type: Type, listener: (event: EventOf<Type>) => void | Promise<void>): Off
  /** Events were left out because this client was too slow for them. */
  onDropped(listener: (message: Dropped) => void): Off
  /** Settle when the picture has been shown or left out. Only then the server sends more of the camera. */
  onPicture(listener: (picture: Picture) => void | Promise<void>): Off
  onUnit(listener: (unit: Unit) => void | Promise<void>): Off
  /** The video of a watched camera cannot be sent, or can be again. */
  onNoVideo(listener: (message: NoVideo) => void): Off
  /** The server refused a message: of an older Rollcall, or a fault of the caller. */
  onRefusedMessage(listener: (words: string) => void): Off
  /** Replaces the cameras to get pictures and video of, now and after every reconnect. */
  watch(wanted: Watch): void
  /** Replaces the choice of events, now and after every reconnect. Goes on from the present position. */
  subscribe(to: Subscription): void
  /** Makes the next attempt at once. Without effect while connected. */
  retryNow(): void
  /** Ends the connection for good. */
  close(): void
}

const createAllListeners = () => ({
  status: createListeners<Status>(),
  snapshot: createListeners<SnapshotMessage>(),
  event: createListeners<RollcallEvent>(),
  dropped: createListeners<Dropped>(),
  picture: createListeners<Picture>(),
  unit: createListeners<Unit>(),
  noVideo: createListeners<NoVideo>(),
  refusedMessage: createListeners<string>(),
})

/** What outlives a connection. */
interface Memory {
  position: Position | undefined
  /** The server's clock minus ours, milliseconds. */
  clockOffsetMs: number
  wanted: Watch
  subscription: Subscription
}

const baseOf = (url: string | URL | undefined): URL => {
  const given = url ?? (globalThis as { readonly location?: { readonly origin: string } }).location?.origin
  if (given === undefined) throw new TypeError('url: expected where Rollcall is, such as http://127.0.0.1:8080')
  const base = new URL(given)
  if (!/^https?:$/.test(base.protocol)) throw new TypeError(`url: expected http:// or https://, got ${base.protocol}//`)
  if (!base.pathname.endsWith('/')) base.pathname += '/'
  return base
}

/** Connects to Rollcall. Throws TypeError when `url` is no address of HTTP, or is missing outside of a page. */
export const connect = (options: ClientOptions = {}): Client => {
  const base = baseOf(options.url)
  const listeners = createAllListeners()
  const people = createPeople({ inOrder: true })
  const memory: Memory = {
    position: options.after,
    clockOffsetMs: 0,
    wanted: { cameras: [] },
    subscription: options.subscribe ?? {},
  }
  const attempts = createAttempts(base, options, {
    greet: () => [subscribeTo(memory), { type: 'watch', ...memory.wanted }],
    onMessage: (message) => apply(message, memory, people, listeners),
    onEvent: ({ seq, event }) => {
      people.apply(event)
      const moved = (): void => {
        if (memory.position) memory.position = { ...memory.position, seq }
      }
      const pending = listeners.event.tell(event)
      if (pending) return pending.then(moved)
      moved()
      return undefined
    },
    onPicture: listeners.picture.tell,
    onUnit: listeners.unit.tell,
    onStatus: listeners.status.tell,
  })
  return {
    get status() {
      return attempts.status
    },
    people,
    get position() {
      return memory.position
    },
    nowMs: () => Date.now() + memory.clockOffsetMs,
    onStatus: listeners.status.add,
    onSnapshot: listeners.snapshot.add,
    onEvent: listeners.event.add,
    on: (type, listener) =>
      listeners.event.add((event) =>
        event.type === type ? listener(event as Parameters<typeof listener>[0]) : undefined,
      ),
    onDropped: listeners.dropped.add,
    onPicture: listeners.picture.add,
    onUnit: listeners.unit.add,
    onNoVideo: listeners.noVideo.add,
    onRefusedMessage: listeners.refusedMessage.add,
    watch: (wanted) => {
      if (JSON.stringify(wanted) === JSON.stringify(memory.wanted)) return
      memory.wanted = wanted
      attempts.send({ type: 'watch', ...wanted })
    },
    subscribe: (to) => {
      memory.subscription = to
      attempts.send(subscribeTo(memory))
    },
    retryNow: attempts.retryNow,
    close: attempts.close,
  }
}

const subscribeTo = ({ subscription, position }: Memory): ClientMessage => ({
  type: 'subscribe',
  ...subscription,
  ...(position && { after: position }),
})

/** Keeps the position, the clock and the people, and passes the message on. */
const apply = (
  message: Exclude<ServerMessage, { type: 'event' }>,
  memory: Memory,
  people: People,
  listeners: ReturnType<typeof createAllListeners>,
): void => {
  if ('nowMs' in message) memory.clockOffsetMs = message.nowMs - Date.now()
  switch (message.type) {
    case 'snapshot':
      memory.position = { epoch: message.epoch, seq: message.seq }
      people.reset(message.snapshot)
      void listeners.snapshot.tell(message)
      break
    case 'heartbeat':
      if (memory.position) {
        memory.position = { ...memory.position, seq: Math.max(memory.position.seq, message.seq) }
      }
      break
    case 'dropped':
      void listeners.dropped.tell(message)
      break
    case 'noVideo':
      void listeners.noVideo.tell(message)
      break
    case 'error':
      void listeners.refusedMessage.tell(message.message)
  }
}
