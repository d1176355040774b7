import type {
  Box,
  CameraChange,
  CameraId,
  CameraState,
  FaceSource,
  FrameStamp,
  Landmarks,
  MediaMs,
  PersonId,
  ProvisionalId,
  SightingId,
  TrackId,
} from '../types.ts'

/** A CloudEvents 1.0 context (https://github.com/cloudevents/spec, structured JSON names). */
export interface Envelope<Type extends string> {
  readonly specversion: '1.0'
  /** Deterministic, so that a repeat can be dropped; unique with `source`. */
  readonly id: string
  /** `/SITE/cameras/CAMERA` or `/SITE/people`. */
  readonly source: string
  readonly type: Type
  /** Camera, or person ID; `calibration` where it is about all people. */
  readonly subject: string
  /** RFC 3339, capture time. For files the clock starts at 1970-01-01T00:00:00Z. */
  readonly time: string
  readonly datacontenttype: 'application/json'
  /** Of `data`: see `dataSchemaOf`. */
  readonly dataschema: string
  /** CloudEvents partitioning extension: the Kafka key. */
  readonly partitionkey: string
  /** CloudEvents distributed tracing extension: the span of the frame that led to it. Absent when that is not traced. */
  readonly traceparent?: string
}

/** An event for consumers: its context with JSON data. */
interface EventOf<Type extends string, Data> extends Envelope<Type> {
  readonly data: Data
}

/** How alike two tracks, people or parts of people are; `identity/evidence.ts` computes the score. */
export interface Comparison {
  /** Cosine of the two mean embeddings, −1 to 1, before any calibration. */
  readonly similarity: number
  /** Compared with thresholds: the cosine corrected for the noise of the two means, so it may exceed 1. */
  readonly score: number
  /** Of being one person, by the score alone, 0.0001–0.9999; absent in what was kept by a version that did not say it. */
  readonly probability?: number
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
  /** What it is called while only poor looks have come; absent with a person, and before enough have come. Names nobody. */
  readonly provisional?: ProvisionalId
  /** The stream that was embedded; absent without a quality, and on cameras without `detailUrl`. */
  readonly source?: FaceSource
}

/** One analysed frame, on the topic `frames`. `width` and `height` are square pixels of the upright picture. */
export type FrameEvent = EventOf<
  'rollcall.frame.v1',
  FrameStamp & {
    readonly width: number
    readonly height: number
    readonly faces: readonly FrameFace[]
    /** Where faces are of people who are never to be recognised: nothing else is said of them. Absent without any. */
    readonly blur?: readonly Box[]
    /** How many more faces there are, of people who are not told of (`identity.unknown: ignore`). Absent without any. */
    readonly unknown?: number
  }
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
  /** As in `Comparison`. */
  readonly probability?: number | null
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
  | EventOf<
      'rollcall.person.apart.v1',
      PersonChange & {
        /** The other of the two that somebody has told apart: the engine never merges them. */
        readonly other: PersonId
        /** False: that was taken back. */
        readonly apart: boolean
      }
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

/** A track of which many looks have come, and no clear one: nobody can say who it is. */
export interface ProvisionalTrack {
  readonly track: TrackId
  readonly camera: CameraId
  readonly provisional: ProvisionalId
  /** How many faces were looked at so far, and the quality of the best, 0–1. */
  readonly looks: number
  readonly quality: number
  readonly sequence: number
}

/** On the topic `sightings`: who a track was found to be, or that nobody can say it yet. Frames before it carried no person. */
export type TrackEvent =
  | EventOf<'rollcall.track.provisional.v1', ProvisionalTrack>
  | EventOf<
      'rollcall.track.assigned.v1',
      TrackChange & {
        /** What the track was called until now; absent when it had no provisional ID. */
        readonly provisional?: ProvisionalId
      }
    >
  | EventOf<'rollcall.track.reassigned.v1', TrackChange & { readonly before: PersonId }>

/** How far all scores of a site are moved, and what it was learned from: `identity/place` learns it without labels. */
export interface CalibrationChange {
  /** Added to every score from now on, and until now. */
  readonly correction: number
  readonly before: number
  /** The median cosine of two people where the embedder was calibrated. */
  readonly expected: number
  /** That of two people who were seen together here. */
  readonly median: number
  /** People whom it was learned from, and pairs of them. */
  readonly people: number
  readonly pairs: number
}

/** An event on the topic `people` that is about all of them. */
export type CalibrationEvent = EventOf<
  'rollcall.calibration.changed.v1',
  CalibrationChange & { readonly sequence: number }
>

/** An event on the topic `cameras`: a camera's state changed. */
export type CameraEvent = EventOf<`rollcall.camera.${CameraState}.v1`, CameraChange>

/** That a rule has fired. Times are those of the camera. */
export interface Firing {
  /** The name of the rule. */
  readonly rule: string
  readonly when: 'arrives' | 'leaves' | 'stays' | 'misses'
  readonly person: PersonId
  /** Null for the unknown. */
  readonly name: string | null
  /** Where the person was seen last. */
  readonly camera: CameraId
  /** When it happened: the arrival, the last moment before the leaving, the moment at which the stay was long enough. */
  readonly atMs: MediaMs
  /** When the visit began. */
  readonly fromMs: MediaMs
  /** Analysed frames of the visit until it was decided. */
  readonly frames: number
  /** The number of the visit, as far as the rule knows: without `times` it forgets visits that no longer matter. */
  readonly visits: number
  /** Why, one sentence for each condition, for people to read. */
  readonly reasons: readonly string[]
}

/** An event on the topic `rules`. */
export type RuleEvent = EventOf<'rollcall.rule.fired.v1', Firing & { readonly sequence: number }>

/** Every event that consumers can receive. docs/events.md describes each for them. */
export type RollcallEvent =
  | FrameEvent
  | SightingEvent
  | TrackEvent
  | PersonEvent
  | CalibrationEvent
  | CameraEvent
  | RuleEvent

/** Consumers subscribe to topics; each has its own Kafka topic. */
export type Topic = 'frames' | 'sightings' | 'people' | 'cameras' | 'rules'

/** Depends on the type of the event only. */
export const topicOf = (event: RollcallEvent): Topic => {
  if (event.type === 'rollcall.frame.v1') return 'frames'
  if (event.type.startsWith('rollcall.sighting.') || event.type.startsWith('rollcall.track.')) return 'sightings'
  if (event.type === 'rollcall.rule.fired.v1') return 'rules'
  return /^rollcall\.(person|calibration)\./.test(event.type) ? 'people' : 'cameras'
}

/** Whether an event is about people, tracks, sightings or rules: those have a `sequence`, and are never dropped. */
export const isAboutPeople = (event: RollcallEvent): event is Exclude<RollcallEvent, FrameEvent | CameraEvent> =>
  !['frames', 'cameras'].includes(topicOf(event))
