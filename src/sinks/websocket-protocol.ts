import { z } from 'zod'
import type { CameraChange, FrameEvent, Person, RollcallEvent } from '../types.ts'

/** The messages of `/ws`. Types only are shared with the viewer. */

/** WebSocket subprotocol; also the version of everything below. */
export const protocol = 'rollcall.v1'

/** Sent once, first; everything that changed later follows as events. */
export interface Hello {
  readonly type: 'hello'
  readonly protocol: typeof protocol
  /** The server's clock, Unix milliseconds: the clients' clocks may differ from that of `atMs` and `lastSeenAtMs`. */
  readonly nowMs: number
  readonly snapshot: Snapshot
}

export interface Snapshot {
  /** The latest change of each camera: its state now. */
  readonly cameras: readonly CameraChange[]
  readonly people: readonly Person[]
}

/** Followed by close code 4400. */
export interface ProtocolError {
  readonly type: 'error'
  /** Names the field and what was expected. */
  readonly message: string
}

/** All text messages of the server; those without `specversion` are the protocol's own. */
export type ServerMessage = Hello | ProtocolError | RollcallEvent

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

const clientMessage = z.discriminatedUnion('type', [
  /** Which events to get; a part that is left out means all. Before the first `subscribe` a client gets every event. */
  z.strictObject({
    type: z.literal('subscribe'),
    topics: z
      .array(z.enum(['frames', 'sightings', 'people', 'cameras']))
      .max(4)
      .optional(),
    cameras: cameras.optional(),
  }),
  /** The cameras to get pictures of, instead of those before. */
  z.strictObject({ type: z.literal('watch'), cameras }),
  /** Picture number `n` of this connection (the first is 1) has been shown. */
  z.strictObject({ type: z.literal('ack'), n: z.int().min(1) }),
])

export type ClientMessage = z.infer<typeof clientMessage>

/** Returns a string, naming the field and what was expected, when `text` is not a message of the protocol. */
export const parseClientMessage = (text: string): ClientMessage | string => {
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
