import { z } from 'zod'
import type { CameraChange, FrameEvent, Person, RollcallEvent } from '../../types.ts'

/** The messages of `/ws`, as docs/websocket.md describes them. Types only are shared with the viewer. */

/** WebSocket subprotocol; also the version of everything below. */
export const protocol = 'rollcall.v1'

/** Every way in which a connection ends; docs/websocket.md has the same table. */
export const closeCodes = {
  /** The server ends; come back later. */
  goingAway: 1001,
  /** Not a WebSocket frame that RFC 6455 allows. */
  protocolError: 1002,
  /** Text that is not UTF-8. */
  notUtf8: 1007,
  /** A message above `maxMessageBytes`. */
  tooBig: 1009,
  /** Not a message of this protocol; an `error` message that says why came before. */
  invalidMessage: 4400,
  /** Something was not acknowledged within `maxAgeMs`, or a ping not answered: resume, or ask for less. */
  tooSlow: 4408,
  /** More than `maxMessagesPerSecond`. */
  tooManyMessages: 4429,
} as const

/** A client's own messages are short; whoever sends more is closed with 1009. */
export const maxMessageBytes = 16_384
/** A client that acknowledges every 32 of 50,000 events a second sends 1,563; whoever sends more is closed with 4429. */
export const maxMessagesPerSecond = 2000

/** Sent once, first. Nothing else comes before the client subscribes. */
export interface Hello {
  readonly type: 'hello'
  readonly protocol: typeof protocol
  /** Names this run of the server: sequence numbers of another epoch mean nothing. */
  readonly epoch: string
  /** Number of the newest event; 0 when there was none yet. */
  readonly seq: number
  /** The server's clock, Unix milliseconds: the clients' clocks may differ from that of `atMs` and `lastSeenAtMs`. */
  readonly nowMs: number
  /** A heartbeat comes this often: a client that hears nothing for twice as long should connect again. */
  readonly heartbeatMs: number
  /** Whatever a client is sent it has to acknowledge within this time. */
  readonly maxAgeMs: number
}

export interface Snapshot {
  /** The latest change of each camera: its state now. */
  readonly cameras: readonly CameraChange[]
  readonly people: readonly Person[]
}

/**
 * Why a snapshot comes: asked for by `subscribe`; or in place of the events after the one to resume from, because they
 * are of another run (`restarted`), no longer kept (`evicted`) or not known (`unknown`); or in place of the events that
 * a client which reads too slowly has missed (`slow`).
 */
export type SnapshotReason = 'subscribed' | 'restarted' | 'evicted' | 'unknown' | 'slow'

/** The state after event `seq` or later: events that follow may repeat what is in it. */
export interface SnapshotMessage {
  readonly type: 'snapshot'
  readonly reason: SnapshotReason
  readonly epoch: string
  readonly seq: number
  readonly nowMs: number
  readonly snapshot: Snapshot
}

/** In place of a snapshot: the events after `after` follow, none is missing; from `until` on they are live. */
export interface Resumed {
  readonly type: 'resumed'
  readonly epoch: string
  readonly after: number
  readonly until: number
  readonly nowMs: number
}

export interface EventMessage {
  readonly type: 'event'
  /** Rises with every event of the site; a subscription sees gaps where it does not ask for the events between. */
  readonly seq: number
  readonly event: RollcallEvent
}

/** Events that were asked for and left out here, because the client reads too slowly; a `slow` snapshot may follow. */
export interface Dropped {
  readonly type: 'dropped'
  readonly count: number
}

/** All events up to `seq` that were asked for have been sent. */
export interface Heartbeat {
  readonly type: 'heartbeat'
  readonly seq: number
  readonly nowMs: number
}

/** Followed by close code 4400. */
export interface ProtocolError {
  readonly type: 'error'
  /** Names the field and what was expected. */
  readonly message: string
}

/** All text messages of the server. */
export type ServerMessage = Hello | SnapshotMessage | Resumed | EventMessage | Dropped | Heartbeat | ProtocolError

/** An analysed frame and its picture, which belong together: sent as one binary message. */
export interface FramePicture {
  readonly frame: FrameEvent['data']
  readonly jpeg: Uint8Array
}

/** A picture as one binary message: u32 big-endian length of the header, header (`frame` as JSON, UTF-8), JPEG. */
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
  /** Which events to get, instead of those before; a part that is left out means all. */
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
    /** The last event that the client has; what came after it is sent first. */
    after: z.strictObject({ epoch: z.string().max(100), seq: count }).optional(),
  }),
  /** The cameras to get pictures of, instead of those before. */
  z.strictObject({ type: z.literal('watch'), cameras }),
  /** All events up to `seq` have been dealt with; picture number `n` of this connection (the first is 1) has been shown. */
  z
    .strictObject({ type: z.literal('ack'), seq: count.optional(), n: z.int().min(1).optional() })
    .refine(({ seq, n }) => seq !== undefined || n !== undefined, {
      path: ['seq'],
      message: 'expected seq, n or both',
    }),
])

export type ClientMessage = z.infer<typeof clientMessage>
export type Subscribe = Extract<ClientMessage, { type: 'subscribe' }>

/** What a client sends most, read without the schema. */
const acknowledgement = /^\{"type":"ack","seq":(\d{1,15})\}$/

/** Returns a string, naming the field and what was expected, when `text` is not a message of the protocol. */
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
