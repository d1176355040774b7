/**
 * The vocabulary of Rollcall as types: shapes, units, coordinate systems, and who owns what.
 *
 * Coordinates: unless a comment says otherwise, x and y are fractions of the upright picture's width and height,
 * 0–1, origin at the top left, x to the right, y down; a box may reach a little outside. Rotation has been applied
 * and pixels are square. Times: `…Ms` are whole milliseconds, `…Us` microseconds, `…At…` since the Unix epoch.
 */

/** The name a camera has in the configuration; unique, `[A-Za-z0-9_.-]+`. */
export type CameraId = string

/**
 * One time line of a camera: a reconnect begins a new stream, because PTS and frame numbers start again, and so does a
 * jump of a clock. A recording that is read without loss has the same one each time, made from its content.
 * `camera + stream + seq` names a frame for ever, which makes event IDs deterministic.
 */
export type StreamId = string

/** The streams of recordings that were read to their end, by camera. */
export type RecordingsRead = Readonly<Record<CameraId, readonly StreamId[]>>

/** `camera/stream/number`: one face followed on one camera, ended by a cut or by absence. Never reused. */
export type TrackId = string

/** The stable ID. Never given to another; after a merge the old one stays an alias until the merge is taken back. */
export type PersonId = string

/**
 * Names a sighting for ever, over merges and splits: the track and the number of the frame that it began with,
 * `camera/stream/track/seq`.
 */
export type SightingId = string

declare const clock: unique symbol

/**
 * Unix milliseconds by the clock of this machine. A plain number may be given for it; `MediaMs` may not, and the other way
 * round: cameras' clocks differ from ours and from each other, and a file's time is from whenever it was made.
 */
export type WallMs = number & { readonly [clock]?: 'wall' }

/** Milliseconds of a camera's or file's own time line: Unix time where it is known (`Clock`). */
export type MediaMs = number & { readonly [clock]?: 'media' }

/** Where `capturedAtMs` comes from: the camera's own NTP clock, the moment of arrival here, or the file's timeline. */
export type Clock = 'camera' | 'arrival' | 'file'

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** Image-left eye, image-right eye, nose tip, image-left mouth corner, image-right mouth corner. */
export type Landmarks = readonly [Point, Point, Point, Point, Point]

/**
 * A small planar RGB picture (u8): all of R, then all of G, then all of B, row-major, no padding: 3 · height · width
 * bytes.
 */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** One plane of a decoded picture; `stride` is bytes a row, at least the plane's width. */
export interface Plane {
  readonly data: Uint8Array
  readonly stride: number
}

/**
 * A decoded picture at full size, as the decoder left it in memory.
 * I420: planes Y, U, V (chroma halved both ways, rounded up). NV12: planes Y, UV interleaved.
 */
export interface Yuv {
  readonly format: 'I420' | 'NV12'
  readonly width: number
  readonly height: number
  readonly planes: readonly Plane[]
  readonly matrix: 'bt601' | 'bt709' | 'bt2020'
  /** True when luma spans 0–255 (JPEG cameras), false for 16–235. */
  readonly fullRange: boolean
}

/** What every record of a frame carries, pixels or not. */
export interface FrameStamp {
  readonly camera: CameraId
  readonly stream: StreamId
  /** Rises by one per decoded frame of this stream, not always from 0; a gap is a frame that was not analysed. */
  readonly seq: number
  /** Presentation time in the stream, integer microseconds (as in WebCodecs); ties boxes to the encoded picture. */
  readonly ptsUs: number
  /**
   * Whole Unix milliseconds at the lens when the camera tells; else on arrival; for files, milliseconds since their
   * start.
   */
  readonly capturedAtMs: MediaMs
  readonly clock: Clock
}

/** A decoded frame, owned by whoever took it, who calls `close()`; its pixels are invalid (and detached) afterwards. */
export interface Frame extends FrameStamp {
  readonly full: Yuv
  /** The detector's picture: the same instant, fitted into the configured square, never enlarged. */
  readonly picture: Picture
  /** A JPEG of `picture`, for people to look at. */
  encodeJpeg(quality?: number): Promise<Uint8Array>
  close(): void
}

/** What a detector found. */
export interface Detection {
  readonly box: Box
  readonly landmarks: Landmarks
  /** 0–1, the detector's own confidence. */
  readonly score: number
}

/** How much an embedding of this face can be trusted; each part 0–1 (1 is best) but for the raw sizes. */
export interface Quality {
  /** The product that weighs embeddings in templates. */
  readonly overall: number
  /** Shorter side of the box in full-size pixels. */
  readonly sizePx: number
  /** From the variance of the Laplacian on the aligned crop. */
  readonly sharpness: number
  /** −1 (turned to the image left) … 0 (frontal) … 1, from the landmarks. */
  readonly yaw: number
}

/** One detection in one frame, on its track. */
export interface Face extends Detection {
  readonly track: TrackId
  /** Absent when the track did not need an embedding from this frame. */
  readonly quality?: Quality
  /** Unit length; absent when the track did not need one from this frame. Biometric data. */
  readonly embedding?: Float32Array
}

/** The seam: all that leaves the vision process for one analysed frame, about a kilobyte. */
export interface Faces extends FrameStamp {
  /** Size of the upright picture in square pixels. */
  readonly width: number
  readonly height: number
  readonly faces: readonly Face[]
  /** Tracks that ended since the last record of this camera (by absence, a cut, or the end of the stream). */
  readonly endedTracks: readonly TrackId[]
}

export type CameraState = 'opening' | 'online' | 'frozen' | 'offline' | 'ended'

/** A change of a camera's state. Ordered with the camera's frames. */
export interface CameraChange {
  readonly camera: CameraId
  readonly state: CameraState
  readonly atMs: number
  /** For people; never holds a credential. */
  readonly reason: string
  /** Stable code when something is wrong (`ErrorCode` of errors.ts). */
  readonly code?: string
  /** Offline: when the next attempt starts; absent when there is none. */
  readonly retryInMs?: number
  /** Ended: the recording's stream, when it was read to its end without loss. */
  readonly stream?: StreamId
}

/**
 * An event for consumers. A CloudEvents 1.0 context (https://github.com/cloudevents/spec, structured JSON names) with
 * JSON data; `id` is deterministic, so that a repeat can be dropped.
 */
interface EventOf<Type extends string, Data> {
  readonly specversion: '1.0'
  readonly id: string
  /** `/SITE/cameras/CAMERA` or `/SITE/people`. */
  readonly source: string
  readonly type: Type
  /** Camera, or person ID. */
  readonly subject: string
  /** RFC 3339, capture time. For files the clock starts at 1970-01-01T00:00:00Z. */
  readonly time: string
  readonly datacontenttype: 'application/json'
  /** Of `data`: see `dataSchemaOf`. */
  readonly dataschema: string
  /** CloudEvents partitioning extension: the Kafka key. */
  readonly partitionkey: string
  readonly data: Data
}

/**
 * How alike two are: a track, a person or a part of one. `identity/evidence.ts` says how the score comes from the
 * cosine.
 */
export interface Comparison {
  /** Cosine of the two mean embeddings as the embedder gives it, −1 to 1. */
  readonly similarity: number
  /**
   * What is compared with thresholds: the cosine corrected for the noise of the two means. Same scale, but may exceed
   * 1.
   */
  readonly score: number
}

/** A comparison, and the threshold that decided. */
export interface Compared extends Comparison {
  readonly threshold: number
}

/** A known person, and how alike the face's track is. */
export interface Candidate extends Comparison {
  readonly person: PersonId
}

/** The `dataschema` of a type of event: what describes its data, within the schema whose `$id` comes before the `#`. */
export const dataSchemaOf = (type: string): string => `urn:rollcall:event:${type}#/$defs/data`

/** Why a face has the person it has, or none yet. */
export interface Decision {
  readonly person: PersonId | null
  /**
   * Whom the decision was about: the person assigned, or the nearest one when that was not enough (`person` is null or was
   * just created), or may not be the one (seen together). Null when there was nobody to compare with.
   */
  readonly candidate: Candidate | null
  /** The next best after `candidate`; null when there is none. */
  readonly runnerUp: Candidate | null
  /** What the score of `candidate` had to reach. */
  readonly threshold: number
  readonly reason: 'joined' | 'created' | 'kept' | 'moved' | 'tentative' | 'ambiguous' | 'low-quality' | 'no-embedding'
}

export interface FrameFace extends Decision {
  readonly track: TrackId
  readonly box: Box
  readonly landmarks: Landmarks
  readonly score: number
  readonly quality: number | null
}

export type FrameEvent = EventOf<
  'rollcall.frame.v1',
  FrameStamp & { readonly width: number; readonly height: number; readonly faces: readonly FrameFace[] }
>

/** A person on a camera, from–to. Times are whole milliseconds of the camera's clock, as `capturedAtMs`. */
export interface Sighting {
  readonly sighting: SightingId
  /** Who it is as far as is known now: whole tracks move when that changes. */
  readonly person: PersonId
  readonly camera: CameraId
  readonly fromMs: MediaMs
  /** One frame interval after the last frame with the person: always later than `fromMs`. */
  readonly untilMs: MediaMs
  /** Analysed frames in which the person was seen. */
  readonly frames: number
  /** Never empty; in the order in which they were first seen. */
  readonly tracks: readonly TrackId[]
  /** False: the person may still be there. */
  readonly ended: boolean
}

/** Why tracks are another person's now: two IDs were one, one was two, a track was somebody else, a merge was undone. */
export type CorrectionReason = 'merged' | 'split' | 'reassigned' | 'unmerged'

/** What every event about a sighting carries beside the sighting. */
interface SightingChange {
  /** Capture time of the frame, or the moment, by which it became known: later than the sighting itself. */
  readonly knownAtMs: MediaMs
  /** Rises by one with each event about people, tracks or sightings of this site, over restarts too. */
  readonly sequence: number
}

/**
 * The event of a sighting with the highest `sequence` says all that is known of it. A `corrected` one of an ID that has
 * not been heard of is a part that was divided off another sighting.
 */
export type SightingEvent =
  | EventOf<
      'rollcall.sighting.started.v1',
      Pick<Sighting, 'sighting' | 'person' | 'camera' | 'fromMs'> & SightingChange
    >
  | EventOf<'rollcall.sighting.ended.v1', Omit<Sighting, 'ended'> & SightingChange>
  | EventOf<
      'rollcall.sighting.corrected.v1',
      Sighting &
        SightingChange & {
          /** Whom it was said to be until now; the same as `person` when only some of its tracks went. */
          readonly before: PersonId
          readonly why: CorrectionReason
        }
    >

/** Who caused a change of people: the engine by itself, somebody through the gallery, or the retention rule. */
export type Cause = 'engine' | 'user' | 'retention'

/** What every event about a person carries. */
interface PersonChange {
  readonly person: PersonId
  /** Rises by one with each event about people, tracks or sightings of this site, over restarts too. */
  readonly sequence: number
  /** The name somebody gave; null for the unknown. */
  readonly name: string | null
}

/** A comparison of the two and the threshold that decided; all null when somebody said so. */
interface MaybeCompared {
  readonly similarity: number | null
  readonly score: number | null
  readonly threshold: number | null
}

/** On the topic `people`: the last event of a person says what it is now, so the topic can be compacted. */
export type PersonEvent =
  | EventOf<
      'rollcall.person.created.v1',
      PersonChange & {
        /** Where it was first seen; null for somebody who was enrolled or imported, or split off another. */
        readonly camera: CameraId | null
        readonly track: TrackId | null
        /** The nearest person there was; null when nobody was there, or as `camera`. */
        readonly candidate: Candidate | null
        /** What the score of `candidate` had to reach to be no new person; null as `camera`. */
        readonly threshold: number | null
      }
    >
  | EventOf<'rollcall.person.named.v1', PersonChange & { readonly before: string | null }>
  | EventOf<
      'rollcall.person.merged.v1',
      PersonChange & {
        /** Everything said of `person` holds of this one from now on. */
        readonly into: PersonId
        readonly by: Cause
      } & MaybeCompared
    >
  | EventOf<
      'rollcall.person.split.v1',
      PersonChange & {
        /** The new person, taken out of `person`, which keeps its ID; a `created` event of its own comes before. */
        readonly off: PersonId
        readonly by: Cause
      } & MaybeCompared
    >
  | EventOf<
      'rollcall.person.unmerged.v1',
      PersonChange & {
        /**
         * Whom `person` was an alias of until now. `person` is somebody of its own again, with everything assigned
         * under it.
         */
        readonly from: PersonId
        readonly by: Cause
      } & MaybeCompared
    >
  /** Not seen for long: no longer listed, still recognised. */
  | EventOf<'rollcall.person.archived.v1', PersonChange & { readonly lastSeenAtMs: number }>
  /** An archived person is back. */
  | EventOf<'rollcall.person.restored.v1', PersonChange>
  /** Every trace is gone; consumers delete theirs. On Kafka a tombstone follows. */
  | EventOf<'rollcall.person.deleted.v1', { readonly person: PersonId; readonly sequence: number; readonly by: Cause }>

interface TrackChange extends Omit<Decision, 'person'> {
  readonly track: TrackId
  readonly camera: CameraId
  readonly person: PersonId
  readonly sequence: number
}

/** On the topic `sightings`: who a track was found to be. Frames before it carried no person. */
export type TrackEvent =
  | EventOf<'rollcall.track.assigned.v1', TrackChange>
  | EventOf<'rollcall.track.reassigned.v1', TrackChange & { readonly before: PersonId }>

export type CameraEvent = EventOf<`rollcall.camera.${CameraState}.v1`, CameraChange>

export type RollcallEvent = FrameEvent | SightingEvent | TrackEvent | PersonEvent | CameraEvent

/** The topic an event belongs to; also the unit in which consumers subscribe. */
export type Topic = 'frames' | 'sightings' | 'people' | 'cameras'

export const topicOf = (event: RollcallEvent): Topic => {
  if (event.type === 'rollcall.frame.v1') return 'frames'
  if (event.type.startsWith('rollcall.sighting.') || event.type.startsWith('rollcall.track.')) return 'sightings'
  return event.type.startsWith('rollcall.person.') ? 'people' : 'cameras'
}

/** What Rollcall said against who was really there: only where that is known, in the demo. */
export interface TruthScore {
  /** People in the scenes, and those of them that have been given an ID. */
  readonly people: number
  readonly found: number
  /** IDs that Rollcall gave and has not merged into others: as many as `people` when all is well. */
  readonly ids: number
  /** Of the people found; 1 is best. */
  readonly idsPerPerson: number
  /** Faces that got another ID than the same person had before. */
  readonly switches: number
  /** Faces that were compared. */
  readonly faces: number
}

/** What `/api/people` and the viewer's list show. */
export interface Person {
  readonly id: PersonId
  readonly name: string | null
  readonly archived: boolean
  readonly createdAtMs: number
  readonly lastSeenAtMs: MediaMs
  /** Empty for somebody who has not been seen yet, only enrolled. */
  readonly lastCamera: CameraId
  readonly tracks: number
  readonly faces: number
}

/** Bad input on one camera or sink is a log line, never a crash. Structurally satisfied by pino. */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Injected, so that tests do not sleep. */
export interface Time {
  nowMs(): WallMs
}
