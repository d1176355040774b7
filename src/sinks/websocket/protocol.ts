import { z } from 'zod'
import type { FrameEvent, RollcallEvent, Sighting } from '../../events/types.ts'
import type { CameraChange, CameraId, Person, PersonId, UnitStamp, VideoUnit } from '../../types.ts'

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
  /** Something was not read within `maxAgeMs`, or a ping was not answered: resume, or subscribe to less. */
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
  /** A client has to read whatever it is sent within this time; what it acknowledges later counts as read only. */
  readonly maxAgeMs: number
}

/** The state of the site at one moment. */
export interface Snapshot {
  /** The latest change of each camera, which says its state. */
  readonly cameras: readonly CameraChange[]
  readonly people: readonly Person[]
  /** By ID from before a merge, whom it stands for now. */
  readonly aliases: Readonly<Record<PersonId, PersonId>>
  /** Who is on a camera now. */
  readonly sightings: readonly OpenSighting[]
}

/** A sighting that has started and not ended. `person` is the ID that its person has now. */
export type OpenSighting = Pick<Sighting, 'sighting' | 'person' | 'camera' | 'fromMs'>

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

/** The client's message was wrong. Close code 4400 follows, unless it was an acknowledgement, which is ignored. */
export interface ProtocolError {
  readonly type: 'error'
  /** Names the field and what was expected. */
  readonly message: string
}

/** The video of this camera that the client watches cannot be sent, and why; its stills can. Null: it can be again. */
export interface NoVideo {
  readonly type: 'noVideo'
  readonly camera: CameraId
  /** For people. */
  readonly reason: string | null
}

/** All text messages of the server. */
export type ServerMessage =
  | Hello
  | SnapshotMessage
  | Resumed
  | EventMessage
  | Dropped
  | Heartbeat
  | NoVideo
  | ProtocolError

/** An analysed frame with the picture that its boxes belong to. */
export interface FramePicture {
  readonly frame: FrameEvent['data']
  readonly jpeg: Uint8Array
}

/** The header of a still, whose boxes belong to its JPEG. */
export type StillHeader = FrameEvent['data'] & { readonly kind: 'still' }

/**
 * The header of an access unit. The first one of a camera is a key unit; all after it follow, up to a gap in `n`, after
 * which comes a key unit. The boxes of its picture are in the event `rollcall.frame.v1` of the same `stream` and `ptsUs`.
 */
export type UnitHeader = UnitStamp & { readonly kind: 'unit' }

/** The header of a binary message. */
export type BinaryHeader = StillHeader | UnitHeader

/** Encodes one binary message: u32 big-endian length of the header, header (JSON, UTF-8), bytes. */
const encodeBinary = (header: BinaryHeader, bytes: Uint8Array): Uint8Array => {
  const text = Buffer.from(JSON.stringify(header))
  // Not from Node's pool, because it may wait for a slow client.
  const message = Buffer.allocUnsafeSlow(4 + text.length + bytes.length)
  message.writeUInt32BE(text.length)
  message.set(text, 4)
  message.set(bytes, 4 + text.length)
  return message
}

/** A still as a binary message. */
export const encodePicture = ({ frame, jpeg }: FramePicture): Uint8Array =>
  encodeBinary({ kind: 'still', ...frame }, jpeg)

/** An access unit as a binary message. */
export const encodeUnit = ({ data, ...stamp }: VideoUnit): Uint8Array => encodeBinary({ kind: 'unit', ...stamp }, data)

const camera = z.string().regex(/^[A-Za-z0-9_.-]{1,100}$/, 'expected the name of a camera')
const cameras = z.array(camera).max(1000)
const video = z.array(z.strictObject({ camera, only: z.literal('keys').exactOptional() })).max(1000)
const count = z.int().min(0)

const clientMessage = z.discriminatedUnion('type', [
  /** Replaces the subscription; a part that is left out means all. */
  z.strictObject({
    type: z.literal('subscribe'),
    topics: z
      .array(z.enum(['frames', 'sightings', 'people', 'cameras', 'rules']))
      .max(5)
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
  /** Replaces the cameras whose stills, and those whose own video the client wants. */
  z.strictObject({ type: z.literal('watch'), cameras, video: video.optional() }),
  /**
   * The client has dealt with all events up to `seq`, and with the first `n` binary messages of this connection: it has
   * shown a still, and has received a unit.
   */
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

/** The most frequent messages, read without the schema. */
const acknowledgement = /^\{"type":"ack","(seq|n)":([1-9]\d{0,14})\}$/

/** Returns a string that names the field and what was expected when `text` is not a message of the protocol. */
export const parseClientMessage = (text: string): ClientMessage | string => {
  const [, what, number] = acknowledgement.exec(text) ?? []
  if (what !== undefined)
    return what === 'n' ? { type: 'ack', n: Number(number) } : { type: 'ack', seq: Number(number) }
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
