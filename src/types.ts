/**
 * The vocabulary of Rollcall as types: shapes, units, coordinate systems and owners.
 *
 * Coordinates: unless a comment says otherwise, x and y are fractions of the upright picture's width and height,
 * 0–1, origin at the top left, x to the right, y down; a box may reach a little outside. Rotation has been applied
 * and pixels are square. Times: `…Ms` are whole milliseconds, `…Us` microseconds, `…At…` since the Unix epoch.
 */

/** The name of a camera in the configuration; unique, `[A-Za-z0-9_.-]+`. */
export type CameraId = string

/**
 * One time line of a camera. A reconnect begins a new stream, because PTS and frame numbers start again; a jump of a clock
 * does too. The stream of a recording that is read without loss is made from its content, so it is the same each time.
 * `camera + stream + seq` names a frame for ever, which makes event IDs deterministic.
 */
export type StreamId = string

/** The streams of recordings that were read to their end, by camera. */
export type RecordingsRead = Readonly<Record<CameraId, readonly StreamId[]>>

/** One face followed on one camera until a cut or its absence: `camera/stream/number`. Never reused. */
export type TrackId = string

/**
 * The stable ID of a person. Never given to another one. After a merge the old ID stays an alias until the merge is
 * undone.
 */
export type PersonId = string

/**
 * Names a sighting for ever, also after merges and splits: `camera/stream/track/seq`, the track and the frame that it began
 * with.
 */
export type SightingId = string

declare const clock: unique symbol

/**
 * Unix milliseconds by the clock of this machine. A plain number can be assigned to it, but `MediaMs` cannot, nor the reverse:
 * the clocks of cameras differ from ours and from each other, and a file has the time at which it was made.
 */
export type WallMs = number & { readonly [clock]?: 'wall' }

/** Milliseconds of a camera's or file's own time line: Unix time where it is known (`Clock`). */
export type MediaMs = number & { readonly [clock]?: 'media' }

/** Where `capturedAtMs` comes from: the camera's own NTP clock, the moment of arrival here, or the file's timeline. */
export type Clock = 'camera' | 'arrival' | 'file'

/** A rectangle in fractions of the upright picture; x and y are its top left corner. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A position in fractions of the upright picture. */
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

/** One plane of a decoded picture; `stride` is the bytes of a row, at least the plane's width. */
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
  /** Rises by one with each decoded frame of the stream, not always from 0. A gap means frames that were not analysed. */
  readonly seq: number
  /** Presentation time in the stream, integer microseconds (as in WebCodecs); ties boxes to the encoded picture. */
  readonly ptsUs: number
  /** Whole Unix milliseconds: at the lens if the camera sends its clock, else on arrival; for files since their start. */
  readonly capturedAtMs: MediaMs
  readonly clock: Clock
}

/** A decoded frame. Whoever takes it owns it and calls `close()`; its pixels are invalid (and detached) afterwards. */
export interface Frame extends FrameStamp {
  readonly full: Yuv
  /** The same instant for the detector: fitted into the configured square, never enlarged. */
  readonly picture: Picture
  /** A JPEG of `picture`, for people to look at. */
  encodeJpeg(quality?: number): Promise<Uint8Array>
  close(): void
}

/** One face that a detector found. */
export interface Detection {
  readonly box: Box
  readonly landmarks: Landmarks
  /** 0–1, the detector's own confidence. */
  readonly score: number
}

/** How far an embedding of this face can be trusted. */
export interface Quality {
  /** 0–1, 1 is best: combines all below with the detector's score; the weight of the embedding in templates. */
  readonly overall: number
  /** Shorter side of the box in full-size pixels. */
  readonly sizePx: number
  /** 0–1, 1 is best: from the variance of the Laplacian on the aligned crop. */
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

/** All that leaves the vision process for one analysed frame: about a kilobyte, without pixels. */
export interface Faces extends FrameStamp {
  /** Size of the upright picture in square pixels. */
  readonly width: number
  readonly height: number
  readonly faces: readonly Face[]
  /** Tracks that ended since the last record of this camera (by absence, a cut, or the end of the stream). */
  readonly endedTracks: readonly TrackId[]
}

/**
 * `frozen`: connected, but no new picture comes. `offline`: not connected; another attempt may follow. `ended`: the recording
 * is over, or Rollcall has given up on the camera.
 */
export type CameraState = 'opening' | 'online' | 'frozen' | 'offline' | 'ended'

/** A change of a camera's state. Ordered with the camera's frames. */
export interface CameraChange {
  readonly camera: CameraId
  readonly state: CameraState
  readonly atMs: number
  /** Words for people to read; never holds a credential. */
  readonly reason: string
  /** Stable code (`ErrorCode` of errors.ts) when something is wrong. */
  readonly code?: string
  /** When `offline`: time until the next attempt; absent when there will be none. */
  readonly retryInMs?: number
  /** When `ended`: the stream of a recording that was read to its end without loss. */
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

/** How alike two tracks, people or parts of people are; `identity/evidence.ts` computes the score. */
export interface Comparison {
  /** Cosine of the two mean embeddings, −1 to 1, before any calibration. */
  readonly similarity: number
  /** Compared with thresholds: the cosine corrected for the noise of the two means, so it may exceed 1. */
  readonly score: number
}

/** A comparison and the threshold that decided. */
export interface Compared extends Comparison {
  readonly threshold: number
}

/** A known person and how alike the face's track is. */
export interface Candidate extends Comparison {
  readonly person: PersonId
}

/** The `dataschema` of a type of event: the `$id` of its schema, `#`, and the part that describes `data`. */
export const dataSchemaOf = (type: string): string => `urn:rollcall:event:${type}#/$defs/data`

/** Why a face has the person it has, or none yet. */
export interface Decision {
  readonly person: PersonId | null
  /**
   * Whom the decision was about: the person assigned; or the nearest one when it was not alike enough (`person` is null or
   * was just created), or was seen together with this face. Null when there was nobody to compare with.
   */
  readonly candidate: Candidate | null
  /** The next best after `candidate`; null when there is none. */
  readonly runnerUp: Candidate | null
  /** What the score of `candidate` had to reach. */
  readonly threshold: number
  readonly reason: 'joined' | 'created' | 'kept' | 'moved' | 'tentative' | 'ambiguous' | 'low-quality' | 'no-embedding'
}

/**
 * One face of a frame event. `score` is the detector's, 0–1; `quality` is `Quality.overall`, null without an embedding.
 */
export interface FrameFace extends Decision {
  readonly track: TrackId
  readonly box: Box
  readonly landmarks: Landmarks
  readonly score: number
  readonly quality: number | null
}

/** One analysed frame, on the topic `frames`. `width` and `height` are square pixels of the upright picture. */
export type FrameEvent = EventOf<
  'rollcall.frame.v1',
  FrameStamp & { readonly width: number; readonly height: number; readonly faces: readonly FrameFace[] }
>

/**
 * One person on one camera from a first to a last moment. Times are whole milliseconds of the camera's clock, as
 * `capturedAtMs`.
 */
export interface Sighting {
  readonly sighting: SightingId
  /** Who it is, as known now. When that changes, whole tracks move to another sighting. */
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

/**
 * Why tracks belong to another person now: two IDs were merged, one was split, a track was reassigned, a merge was
 * undone.
 */
export type CorrectionReason = 'merged' | 'split' | 'reassigned' | 'unmerged'

/** What every event about a sighting carries in addition to the sighting. */
interface SightingChange {
  /**
   * When it became known: capture time of the deciding frame, or the moment of a change. Events of sightings come in
   * this order.
   */
  readonly knownAtMs: MediaMs
  /** Rises by one with each event about people, tracks or sightings of this site, over restarts too. */
  readonly sequence: number
}

/**
 * Of all events of a sighting, the one with the highest `sequence` says all that is known. A `corrected` event with an ID that
 * has not come before is a part that was divided off another sighting.
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
          /** Who it was said to be until now; the same as `person` when only some of its tracks moved. */
          readonly before: PersonId
          readonly why: CorrectionReason
        }
    >

/** What caused a change of people: the engine, a user, or the rule of retention. */
export type Cause = 'engine' | 'user' | 'retention'

/** What every event about a person carries. */
interface PersonChange {
  readonly person: PersonId
  /** Rises by one with each event about people, tracks or sightings of this site, over restarts too. */
  readonly sequence: number
  /** The name somebody gave; null for the unknown. */
  readonly name: string | null
}

/** A comparison of the two and the threshold that decided; all null when a user decided. */
interface MaybeCompared {
  readonly similarity: number | null
  readonly score: number | null
  readonly threshold: number | null
}

/** An event on the topic `people`. The last event of a person says what it is now, so the topic can be compacted. */
export type PersonEvent =
  | EventOf<
      'rollcall.person.created.v1',
      PersonChange & {
        /** Where the person was first seen; null for one who was enrolled, imported, or split off another. */
        readonly camera: CameraId | null
        readonly track: TrackId | null
        /** The nearest person at that time; null when nobody was known, or where `camera` is null. */
        readonly candidate: Candidate | null
        /** What the score of `candidate` had to reach to be the same person; null where `camera` is null. */
        readonly threshold: number | null
      }
    >
  | EventOf<'rollcall.person.named.v1', PersonChange & { readonly before: string | null }>
  | EventOf<
      'rollcall.person.merged.v1',
      PersonChange & {
        /** `person` is an alias of this ID from now on. */
        readonly into: PersonId
        readonly by: Cause
      } & MaybeCompared
    >
  | EventOf<
      'rollcall.person.split.v1',
      PersonChange & {
        /** The new person that was taken out of `person`, which keeps its ID. Its `created` event comes before. */
        readonly off: PersonId
        readonly by: Cause
      } & MaybeCompared
    >
  | EventOf<
      'rollcall.person.unmerged.v1',
      PersonChange & {
        /**
         * Whom `person` was an alias of until now. `person` is a separate person again, with everything assigned under
         * its ID.
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

/** An event on the topic `cameras`: a camera's state changed. */
export type CameraEvent = EventOf<`rollcall.camera.${CameraState}.v1`, CameraChange>

/** Every event that consumers can receive. docs/events.md describes each for them. */
export type RollcallEvent = FrameEvent | SightingEvent | TrackEvent | PersonEvent | CameraEvent

/** Consumers subscribe to topics; each has its own Kafka topic. */
export type Topic = 'frames' | 'sightings' | 'people' | 'cameras'

/** Depends on the type of the event only. */
export const topicOf = (event: RollcallEvent): Topic => {
  if (event.type === 'rollcall.frame.v1') return 'frames'
  if (event.type.startsWith('rollcall.sighting.') || event.type.startsWith('rollcall.track.')) return 'sightings'
  return event.type.startsWith('rollcall.person.') ? 'people' : 'cameras'
}

/** Rollcall's IDs compared with the truth, where it is known: in the demo. */
export interface TruthScore {
  /** People in the scenes. */
  readonly people: number
  /** Those of them that have been given an ID. */
  readonly found: number
  /** IDs that were given and not merged into others; equal to `people` at best. */
  readonly ids: number
  /** Mean over the people found; 1 is best. */
  readonly idsPerPerson: number
  /** Faces that got another ID than their person had before. */
  readonly switches: number
  /** Faces that were compared. */
  readonly faces: number
}

/** A person as `/api/people` and the viewer's list show it. */
export interface Person {
  readonly id: PersonId
  readonly name: string | null
  readonly archived: boolean
  readonly createdAtMs: number
  readonly lastSeenAtMs: MediaMs
  /** Empty for a person who was enrolled or imported and has not been seen here. */
  readonly lastCamera: CameraId
  readonly tracks: number
  readonly faces: number
}

/** Where problems of one camera or sink are reported; they are never a crash. pino satisfies it. */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** The clock of this machine. It is a parameter, so that tests do not sleep. */
export interface Time {
  nowMs(): WallMs
}
