import { z } from 'zod'
import type { FrameEvent, RollcallEvent } from '../../events/types.ts'
import type { CameraChange, Person } from '../../types.ts'

/** The messages of `/ws`, as docs/websocket.md describes them. Types only are shared with the viewer. */

/** WebSocket subprotocol; also the version of everything below. */
export const protocol = 'rollcall.v1'

/** Every way in which a connection ends; docs/websocket.md has the same table. */
export const closeCodes = {
  /** The server is closing; connect again later. */
  goingAway: 1001,
  /** A WebSocket frame that RFC 6455 does not allow. */
  protocolError: 1002,
  /** Text that is not UTF-8. */
  notUtf8: 1007,
  /** A message above `maxMessageBytes`. */
  tooBig: 1009,
  /** Not a message of this protocol. An `error` message before it says why. */
  invalidMessage: 4400,
  /** Something was not acknowledged within `maxAgeMs`, or a ping was not answered: resume, or subscribe to less. */
  tooSlow: 4408,
  /** More than `maxMessagesPerSecond`. */
  tooManyMessages: 4429,
} as const

/** Messages of clients are short; a longer one closes the connection with 1009. */
export const maxMessageBytes = 16_384
/** A client that acknowledges every 32nd of 50,000 events a second sends 1,563; more than this closes with 4429. */
export const maxMessagesPerSecond = 2000

/** The first message, sent once. Nothing else is sent before the client subscribes. */
export interface Hello {
  readonly type: 'hello'
  readonly protocol: typeof protocol
  /** Names this run of the server: sequence numbers of another epoch mean nothing. */
  readonly epoch: string
  /** Number of the newest event; 0 when there was none yet. */
  readonly seq: number
  /**
   * The server's clock in Unix milliseconds, by which `atMs` and `lastSeenAtMs` are to be read: a client's may differ.
   */
  readonly nowMs: number
  /** A heartbeat comes this often: a client that hears nothing for twice as long should connect again. */
  readonly heartbeatMs: number
  /** A client has to acknowledge whatever it is sent within this time. */
  readonly maxAgeMs: number
}

/** The state of the site at one moment. */
export interface Snapshot {
  /** The latest change of each camera, which says its state. */
  readonly cameras: readonly CameraChange[]
  readonly people: readonly Person[]
}

/**
 * Why a snapshot comes. `subscribed`: the client subscribed without `after`. `restarted`, `evicted`, `unknown`: the events after
 * `after` are of another run, no longer kept, or not there yet. `slow`: it replaces events that a slow client has missed.
 */
export type SnapshotReason = 'subscribed' | 'restarted' | 'evicted' | 'unknown' | 'slow'

/** The state after event `seq` or later, so the events that follow may repeat what is in it. */
export interface SnapshotMessage {
  readonly type: 'snapshot'
  readonly reason: SnapshotReason
  readonly epoch: string
  readonly seq: number
  readonly nowMs: number
  readonly snapshot: Snapshot
}

/** Comes in place of a snapshot: all events after `after` follow. Those after `until` are live. */
export interface Resumed {
  readonly type: 'resumed'
  readonly epoch: string
  readonly after: number
  readonly until: number
  readonly nowMs: number
}

/** One event of a subscription. */
export interface EventMessage {
  readonly type: 'event'
  /** Rises by one with every event of the site; gaps are events that the subscription leaves out. */
  readonly seq: number
  readonly event: RollcallEvent
}

/** So many events were left out at this place because the client reads too slowly. A `slow` snapshot may follow. */
export interface Dropped {
  readonly type: 'dropped'
  readonly count: number
}

/** All events up to `seq` that the client asked for have been sent. */
export interface Heartbeat {
  readonly type: 'heartbeat'
  readonly seq: number
  readonly nowMs: number
}

/** The client's message was wrong. Close code 4400 follows. */
export interface ProtocolError {
  readonly type: 'error'
  /** Names the field and what was expected. */
  readonly message: string
}

/** All text messages of the server. */
export type ServerMessage = Hello | SnapshotMessage | Resumed | EventMessage | Dropped | Heartbeat | ProtocolError

/** An analysed frame with the picture that its boxes belong to. */
export interface FramePicture {
  readonly frame: FrameEvent['data']
  readonly jpeg: Uint8Array
}

/** Encodes one binary message: u32 big-endian length of the header, header (`frame` as JSON, UTF-8), JPEG. */
export const encodePicture = ({ frame, jpeg }: FramePicture): Uint8Array => {
  const header = new TextEncoder().encode(JSON.stringify(frame))
  const message = new Uint8Array(4 + header.length + jpeg.length)
  new DataView(message.buffer).setUint32(0, header.length)
  message.set(header, 4)
  message.set(jpeg, 4 + header.length)
  return message
}

const cameras = z.array(z.string().regex(/^[A-Za-z0-9_.-]{1,100}$/, 'expected the name of a camera')).max(1000)
const count = z.int().min(0)

const clientMessage = z.discriminatedUnion('type', [
  /** Replaces the subscription; a part that is left out means all. */
  z.strictObject({
    type: z.literal('subscribe'),
    topics: z
      .array(z.enum(['frames', 'sightings', 'people', 'cameras']))
      .max(4)
      .optional(),
    types: z
      .array(z.string().regex(/^rollcall\.[a-z.]{1,60}\.v1$/, 'expected the type of an event'))
      .max(100)
      .optional(),
    cameras: cameras.optional(),
    people: z.array(z.string().min(1).max(100)).max(1000).optional(),
    /** The last event that the client has. The events after it are sent first. */
    after: z.strictObject({ epoch: z.string().max(100), seq: count }).optional(),
  }),
  /** Replaces the set of cameras whose pictures the client wants. */
  z.strictObject({ type: z.literal('watch'), cameras }),
  /** The client has dealt with all events up to `seq`; it has shown picture `n` of this connection (the first is 1). */
  z
    .strictObject({ type: z.literal('ack'), seq: count.optional(), n: z.int().min(1).optional() })
    .refine(({ seq, n }) => seq !== undefined || n !== undefined, {
      path: ['seq'],
      message: 'expected seq, n or both',
    }),
])

/** All messages of a client. */
export type ClientMessage = z.infer<typeof clientMessage>
/** A client's choice of events. */
export type Subscribe = Extract<ClientMessage, { type: 'subscribe' }>

/** The most frequent message, read without the schema. */
const acknowledgement = /^\{"type":"ack","seq":(\d{1,15})\}$/

/** Returns a string that names the field and what was expected when `text` is not a message of the protocol. */
export const parseClientMessage = (text: string): ClientMessage | string => {
  const seq = acknowledgement.exec(text)?.[1]
  if (seq !== undefined) return { type: 'ack', seq: Number(seq) }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'message: expected JSON'
  }
  const parsed = clientMessage.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  return `${issue?.path.length ? issue.path.join('.') : 'message'}: ${issue?.message ?? 'invalid'}`
}
