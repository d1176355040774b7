// Made from contract by `npm run schemas`: do not edit here.

import type { CameraChange, FrameEvent, RollcallEvent } from './events.ts'

/** WebSocket subprotocol; also the version of everything below. */
export const protocol = 'rollcall.v1'

/** The first message of the server, sent once. Nothing else is sent before the client subscribes. */
export interface Hello {
  readonly type: 'hello'
  readonly protocol: 'rollcall.v1'
  /** Names this run of the server: sequence numbers of another epoch mean nothing. */
  readonly epoch: string
  /** Number of the newest event; 0 when there was none yet. */
  readonly seq: number
  /** The server’s clock, Unix milliseconds. */
  readonly nowMs: number
  /** A heartbeat comes this often: a client that hears nothing for twice as long should connect again. */
  readonly heartbeatMs: number
  /** A client has to read whatever it is sent within this time; what it acknowledges later counts as read only. */
  readonly maxAgeMs: number
}

/** A person as snapshots and `GET /api/people` tell. */
export interface Person {
  /** The stable ID of a person; opaque, never used again for another. */
  readonly id: string
  /** The name somebody gave; null for the unknown. */
  readonly name: string | null
  /** Not seen for long: not listed, still recognised. */
  readonly archived: boolean
  /** Whole milliseconds since the Unix epoch; for recordings, since their beginning. */
  readonly createdAtMs: number
  /** Whole milliseconds since the Unix epoch; for recordings, since their beginning. */
  readonly lastSeenAtMs: number
  /** Empty for a person who was enrolled or imported and has not been seen here. */
  readonly lastCamera: string
  readonly tracks: number
  readonly faces: number
}

/** A sighting that has started and not ended. */
export interface OpenSighting {
  readonly sighting: string
  /** The ID that its person has now. */
  readonly person: string
  /** The name that the camera has in the configuration. */
  readonly camera: string
  /** Of the camera’s clock, as `capturedAtMs`. */
  readonly fromMs: number
}

/** The state of the site at one moment. */
export interface Snapshot {
  /** The latest change of each camera, which says its state. */
  readonly cameras: readonly CameraChange[]
  readonly people: readonly Person[]
  /** By ID from before a merge, whom it stands for now. */
  readonly aliases: Readonly<Record<string, string>>
  /** Who is on a camera now. */
  readonly sightings: readonly OpenSighting[]
}

/** Why a snapshot comes. `subscribed`: there was no `after`. `restarted`, `evicted`, `unknown`: the events after `after` are of another run, no longer kept, or not there yet. `slow`: it replaces events that this client was too slow for. */
export type SnapshotReason = 'subscribed' | 'restarted' | 'evicted' | 'unknown' | 'slow'

/** The state after event `seq` or later. Events that follow may repeat what is in it. */
export interface SnapshotMessage {
  readonly type: 'snapshot'
  readonly reason: SnapshotReason
  /** Names this run of the server: sequence numbers of another epoch mean nothing. */
  readonly epoch: string
  /** Number of the newest event; 0 when there was none yet. */
  readonly seq: number
  /** The server’s clock, Unix milliseconds. */
  readonly nowMs: number
  readonly snapshot: Snapshot
}

/** Comes in place of a snapshot: all events after `after` follow. Those after `until` are live. */
export interface Resumed {
  readonly type: 'resumed'
  /** Names this run of the server: sequence numbers of another epoch mean nothing. */
  readonly epoch: string
  readonly after: number
  readonly until: number
  /** The server’s clock, Unix milliseconds. */
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

/** All events up to `seq` that were asked for have been sent. */
export interface Heartbeat {
  readonly type: 'heartbeat'
  readonly seq: number
  /** The server’s clock, Unix milliseconds. */
  readonly nowMs: number
}

/** A message of the client was wrong. Close code 4400 follows, unless it was an acknowledgement, which is ignored. */
export interface ProtocolError {
  readonly type: 'error'
  /** Names the field and what was expected. */
  readonly message: string
}

/** The video of this camera that the client watches cannot be sent, and why; its stills can. Null: it can be again. */
export interface NoVideo {
  readonly type: 'noVideo'
  /** The name that the camera has in the configuration. */
  readonly camera: string
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

/** What an access unit of a camera’s own video says of itself. Units come in decoding order, a key unit first. */
export interface UnitStamp {
  /** The name that the camera has in the configuration. */
  readonly camera: string
  /** As of frame events: `camera`, `stream` and `ptsUs` say which picture an event is about. */
  readonly stream: string
  /** Rises by one from unit to unit, whether sent or not: after a gap only a key unit can be decoded. */
  readonly n: number
  /** Presentation time in the stream, microseconds. */
  readonly ptsUs: number
  /** When it was taken, Unix milliseconds, by the clock that `clock` names; the frame’s own event says it exactly. */
  readonly capturedAtMs: number
  readonly clock: 'camera' | 'arrival' | 'file'
  /** When it arrived at Rollcall, by its clock: Unix milliseconds. */
  readonly arrivedAtMs: number
  /** Whether a decoder can start here. */
  readonly key: boolean
  /** Something was lost in it, or before it since the last whole key unit. */
  readonly broken: boolean
  readonly encoding: 'h264' | 'h265' | 'jpeg'
  /** As WebCodecs names it (`avc1.64001f`, `hev1.1.6.L93.B0`); `jpeg` for Motion JPEG. */
  readonly codec: string
  /** Of the upright picture in square pixels, to whose fractions boxes refer. */
  readonly width: number
  readonly height: number
  /** Degrees clockwise by which the decoded picture is turned to stand upright. */
  readonly turn: 0 | 90 | 180 | 270
}

/** Which events are wanted. An event has to pass every part; a part that is left out means all. */
export interface Subscription {
  readonly topics?: ReadonlyArray<'frames' | 'sightings' | 'people' | 'cameras' | 'rules'>
  readonly types?: readonly string[]
  readonly cameras?: readonly string[]
  /** IDs; they are followed through merges. */
  readonly people?: readonly string[]
}

/** A place in the events of one run of the server: all up to `seq` have been dealt with. */
export interface Position {
  /** Of the snapshot, or of `hello`. */
  readonly epoch: string
  readonly seq: number
}

/** Whose own video is wanted: every unit, or key units only. */
export interface VideoWish {
  /** The name that the camera has in the configuration. */
  readonly camera: string
  readonly only?: 'keys'
}

/** The cameras of which pictures and video are wanted. */
export interface Watch {
  /** Analysed pictures with their boxes, a few a second. */
  readonly cameras: readonly string[]
  /** The camera’s own video. */
  readonly video?: readonly VideoWish[]
}

/** An analysed frame: its boxes and its picture come in one message, so they always belong together. */
export interface Picture {
  readonly frame: FrameEvent['data']
  readonly jpeg: Uint8Array<ArrayBuffer>
}

/** The header of an access unit. */
export interface UnitHeader extends UnitStamp {
  readonly kind: 'unit'
}

/** One access unit of a camera's own video: Annex B for H.264 and H.265, a JPEG for Motion JPEG. */
export interface Unit extends UnitHeader {
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** All messages of a client. */
export type ClientMessage =
  | ({ readonly type: 'subscribe'; readonly after?: Position } & Subscription)
  | ({ readonly type: 'watch' } & Watch)
  | { readonly type: 'ack'; readonly seq?: number; readonly n?: number }
