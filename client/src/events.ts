// Made from contract by `npm run schemas`: do not edit here.

/** What every event carries: the attributes of CloudEvents 1.0, and `data`, which depends on its type. */
export interface CloudEvent<Type extends string, Data> {
  /** The version of CloudEvents. */
  readonly specversion: '1.0'
  /** Depends only on what happened: a repeat has the same one. */
  readonly id: string
  /** `/SITE/cameras/CAMERA` or `/SITE/people`. */
  readonly source: string
  /** The camera or the person that it is about; `calibration` when it is about all people. */
  readonly subject: string
  /** When it happened: RFC 3339, UTC, milliseconds. Recordings begin at 1970-01-01T00:00:00.000Z. */
  readonly time: string
  /** Of `data`. */
  readonly datacontenttype: 'application/json'
  /** What describes `data`: the part after the `#` of the schema whose `$id` comes before it. */
  readonly dataschema: string
  /** The key of the Kafka record: the same as `subject`. */
  readonly partitionkey: string
  /** The span of the frame that led to it (W3C Trace Context); absent when that is not traced. */
  readonly traceparent?: string
  /** The kind of event, with the version of its data. */
  readonly type: Type
  readonly data: Data
}

/** A frame was analysed. Frames without faces come too, unless `identity.emptyFrames` is false; a live camera that nobody is in front of gives `restFps` of them a second, one where everybody is known and keeps still `steadyFps`, and one that sleeps one for each key frame. Of the pictures between these come those in which something moves that nobody is known for. */
export type FrameEvent = CloudEvent<
  'rollcall.frame.v1',
  {
    /** The name that the camera has in the configuration. */
    readonly camera: string
    /** One opening of the camera: a reconnect begins a new stream, in which `seq` and `ptsUs` start again. */
    readonly stream: string
    /** Number of the frame in its stream; a gap is frames that were not analysed. */
    readonly seq: number
    /** Presentation time in the stream, microseconds. */
    readonly ptsUs: number
    /** When it was taken: whole milliseconds since the Unix epoch, by the clock that `clock` names; for recordings, since their beginning. */
    readonly capturedAtMs: number
    /** Whose clock: the camera’s own, the moment of arrival at Rollcall, or the time line of a recording. */
    readonly clock: 'camera' | 'arrival' | 'file'
    /** The RTP time of the packets that the picture came in, as the camera sent it: 32 bits, 90,000 ticks a second. Absent when it did not come by RTP. */
    readonly rtpTime?: number
    /** Something that the picture refers to was lost, and the decoder has concealed it: faces are followed, and nobody is told by them. Absent when the picture is whole. */
    readonly damaged?: true
    /** Of the upright picture, pixels. */
    readonly width: number
    /** Of the upright picture, pixels. */
    readonly height: number
    /** The faces in it; empty when there is none. */
    readonly faces: ReadonlyArray<{
      /** One face followed on one camera, until a cut or until it was away for long: `CAMERA/STREAM/NUMBER`. */
      readonly track: string
      /** Around the face; it may reach a little outside the picture. */
      readonly box: {
        /** Left side, as a fraction of the picture’s width. */
        readonly x: number
        /** Top side, as a fraction of the picture’s height. */
        readonly y: number
        /** As a fraction of the picture’s width. */
        readonly width: number
        /** As a fraction of the picture’s height. */
        readonly height: number
      }
      /** Eye, eye, nose tip, mouth corner, mouth corner; of each pair the one at the left of the picture comes first. */
      readonly landmarks: readonly [
        {
          /** From the left edge (0) to the right edge (1). */
          readonly x: number
          /** From the top edge (0) to the bottom edge (1). */
          readonly y: number
        },
        {
          /** From the left edge (0) to the right edge (1). */
          readonly x: number
          /** From the top edge (0) to the bottom edge (1). */
          readonly y: number
        },
        {
          /** From the left edge (0) to the right edge (1). */
          readonly x: number
          /** From the top edge (0) to the bottom edge (1). */
          readonly y: number
        },
        {
          /** From the left edge (0) to the right edge (1). */
          readonly x: number
          /** From the top edge (0) to the bottom edge (1). */
          readonly y: number
        },
        {
          /** From the left edge (0) to the right edge (1). */
          readonly x: number
          /** From the top edge (0) to the bottom edge (1). */
          readonly y: number
        },
      ]
      /** How sure the detector is that this is a face, 0–1; 4 decimals. */
      readonly score: number
      /** How much can be told from this face, 0–1, 1 is best; null when this frame was not used to tell who it is. */
      readonly quality: number | null
      /** Where `quality` comes from: this frame, or a picture of the last seconds of the camera’s detailUrl. Absent without a quality, and on cameras that have no detailUrl. */
      readonly source?: 'main' | 'detail'
      /** What it is called while only poor looks have come, but many (see `track.provisional`). Absent with a person, and before that. */
      readonly provisional?: string
      /** Who it is, as known at this moment; null when that is not known yet. */
      readonly person: string | null
      /** Whom the decision was about: the person assigned, or the nearest one when `person` is null or was just created (also one it cannot be, because the two were seen together). Null when there was nobody to compare with. */
      readonly candidate: {
        /** The stable ID of a person; opaque, never used again for another. */
        readonly person: string
        /** Cosine of the two mean embeddings, −1 to 1, higher is more alike; 4 decimals. */
        readonly similarity: number
        /** What is compared with thresholds: the cosine corrected for how little is known of the two, so that it may exceed 1; 4 decimals. */
        readonly score: number
        /** How probable it is that the two are one person, by the score alone, if one and two people were equally frequent; 4 decimals, 0.0001 to 0.9999. Absent in events from before it was said. */
        readonly probability?: number
      } | null
      /** The next best person after `candidate`; null when there is none. */
      readonly runnerUp: {
        /** The stable ID of a person; opaque, never used again for another. */
        readonly person: string
        /** Cosine of the two mean embeddings, −1 to 1, higher is more alike; 4 decimals. */
        readonly similarity: number
        /** What is compared with thresholds: the cosine corrected for how little is known of the two, so that it may exceed 1; 4 decimals. */
        readonly score: number
        /** How probable it is that the two are one person, by the score alone, if one and two people were equally frequent; 4 decimals, 0.0001 to 0.9999. Absent in events from before it was said. */
        readonly probability?: number
      } | null
      /** What the score of `candidate` had to reach. */
      readonly threshold: number
      /** `joined` a known person, `created` a new one, `kept` what was decided before, `moved` to another person; without a person: `tentative` (not seen enough), `ambiguous` (two people are as near, or it looks like one whom another face of the picture is), `low-quality`, `no-embedding` (not looked at yet). */
      readonly reason:
        | 'joined'
        | 'created'
        | 'kept'
        | 'moved'
        | 'tentative'
        | 'ambiguous'
        | 'low-quality'
        | 'no-embedding'
    }>
    /** Where there are faces of people who are never to be recognised, and nothing else about them: blur them in every picture that you show. Absent without any. */
    readonly blur?: ReadonlyArray<{
      /** Left side, as a fraction of the picture’s width. */
      readonly x: number
      /** Top side, as a fraction of the picture’s height. */
      readonly y: number
      /** As a fraction of the picture’s width. */
      readonly width: number
      /** As a fraction of the picture’s height. */
      readonly height: number
    }>
    /** How many more faces there are, of people without a name, where `identity.unknown` is `ignore`: nothing else is said of them. Absent without any. */
    readonly unknown?: number
  }
>

/** A person came into a camera’s view. `time` is when the sighting began; the event comes once it is known who it is. */
export type SightingStartedEvent = CloudEvent<
  'rollcall.sighting.started.v1',
  {
    /** Names the sighting for ever, over merges and splits: `TRACK/SEQ` of the frame that it began with. */
    readonly sighting: string
    /** The stable ID of a person; opaque, never used again for another. */
    readonly person: string
    /** The name that the camera has in the configuration. */
    readonly camera: string
    /** Capture time of the first frame of the sighting, milliseconds, as `capturedAtMs` of frames. */
    readonly fromMs: number
    /** By which frame, or moment, it became known: capture time, milliseconds. Events of sightings come in this order. */
    readonly knownAtMs: number
    /** Rises by one with each event of this site about people, tracks or sightings, over restarts too. */
    readonly sequence: number
  }
>

/** A person left a camera’s view: not seen for `identity.sightingGapMs`, or the camera went away. */
export type SightingEndedEvent = CloudEvent<
  'rollcall.sighting.ended.v1',
  {
    /** Names the sighting for ever, over merges and splits: `TRACK/SEQ` of the frame that it began with. */
    readonly sighting: string
    /** The stable ID of a person; opaque, never used again for another. */
    readonly person: string
    /** The name that the camera has in the configuration. */
    readonly camera: string
    /** Capture time of the first frame of the sighting, milliseconds, as `capturedAtMs` of frames. */
    readonly fromMs: number
    /** One frame interval after the last frame with the person (100 to 1,000 ms), milliseconds: later than `fromMs`. */
    readonly untilMs: number
    /** Analysed frames in which the person was seen. */
    readonly frames: number
    /** The tracks it is made of, in the order in which they were first seen. */
    readonly tracks: readonly string[]
    /** By which frame, or moment, it became known: capture time, milliseconds. Events of sightings come in this order. */
    readonly knownAtMs: number
    /** Rises by one with each event of this site about people, tracks or sightings, over restarts too. */
    readonly sequence: number
  }
>

/** Tracks of the sighting turned out to be another person’s. It says how the sighting is now. When only some of its tracks went, the sighting is divided: two of these come, and the ID that is new is the other part. */
export type SightingCorrectedEvent = CloudEvent<
  'rollcall.sighting.corrected.v1',
  {
    /** Names the sighting for ever, over merges and splits: `TRACK/SEQ` of the frame that it began with. */
    readonly sighting: string
    /** The stable ID of a person; opaque, never used again for another. */
    readonly person: string
    /** The name that the camera has in the configuration. */
    readonly camera: string
    /** Capture time of the first frame of the sighting, milliseconds, as `capturedAtMs` of frames. */
    readonly fromMs: number
    /** One frame interval after the last frame with the person (100 to 1,000 ms), milliseconds: later than `fromMs`. */
    readonly untilMs: number
    /** Analysed frames in which the person was seen. */
    readonly frames: number
    /** The tracks it is made of, in the order in which they were first seen. */
    readonly tracks: readonly string[]
    /** Whether the sighting is over; if not, `ended` will come. */
    readonly ended: boolean
    /** Whom it was said to be until now; the same as `person` when only some of its tracks went to another. */
    readonly before: string
    /** `merged`: two IDs are one; `split`: one ID was two; `reassigned`: a track was somebody else; `unmerged`: a merge was undone. */
    readonly why: 'merged' | 'split' | 'reassigned' | 'unmerged'
    /** By which frame, or moment, it became known: capture time, milliseconds. Events of sightings come in this order. */
    readonly knownAtMs: number
    /** Rises by one with each event of this site about people, tracks or sightings, over restarts too. */
    readonly sequence: number
  }
>

/** Somebody is there of whom only poor looks have come, so that nobody can say who it is. It is nobody of the people: no sighting, no rule and no count follows. `track.assigned` says who it was, if that is found out within `identity.waitMs` after the track. */
export type TrackProvisionalEvent = CloudEvent<
  'rollcall.track.provisional.v1',
  {
    /** One face followed on one camera, until a cut or until it was away for long: `CAMERA/STREAM/NUMBER`. */
    readonly track: string
    /** The name that the camera has in the configuration. */
    readonly camera: string
    /** Names somebody of whom only poor looks have come, so that nobody can say who it is. No person, and never the ID of one; later tracks on the same camera may share it. */
    readonly provisional: string
    /** How many faces of the track were looked at so far. */
    readonly looks: number
    /** Of the best of them, 0–1. */
    readonly quality: number
    /** Rises by one with each event of this site about people, tracks or sightings, over restarts too. */
    readonly sequence: number
  }
>

/** It was found who a track is. Frames of the track from before carried no person: they were this one. */
export type TrackAssignedEvent = CloudEvent<
  'rollcall.track.assigned.v1',
  {
    /** One face followed on one camera, until a cut or until it was away for long: `CAMERA/STREAM/NUMBER`. */
    readonly track: string
    /** The name that the camera has in the configuration. */
    readonly camera: string
    /** The stable ID of a person; opaque, never used again for another. */
    readonly person: string
    /** Rises by one with each event of this site about people, tracks or sightings, over restarts too. */
    readonly sequence: number
    /** Whom the decision was about: the person assigned, or the nearest one when `person` is null or was just created (also one it cannot be, because the two were seen together). Null when there was nobody to compare with. */
    readonly candidate: {
      /** The stable ID of a person; opaque, never used again for another. */
      readonly person: string
      /** Cosine of the two mean embeddings, −1 to 1, higher is more alike; 4 decimals. */
      readonly similarity: number
      /** What is compared with thresholds: the cosine corrected for how little is known of the two, so that it may exceed 1; 4 decimals. */
      readonly score: number
      /** How probable it is that the two are one person, by the score alone, if one and two people were equally frequent; 4 decimals, 0.0001 to 0.9999. Absent in events from before it was said. */
      readonly probability?: number
    } | null
    /** The next best person after `candidate`; null when there is none. */
    readonly runnerUp: {
      /** The stable ID of a person; opaque, never used again for another. */
      readonly person: string
      /** Cosine of the two mean embeddings, −1 to 1, higher is more alike; 4 decimals. */
      readonly similarity: number
      /** What is compared with thresholds: the cosine corrected for how little is known of the two, so that it may exceed 1; 4 decimals. */
      readonly score: number
      /** How probable it is that the two are one person, by the score alone, if one and two people were equally frequent; 4 decimals, 0.0001 to 0.9999. Absent in events from before it was said. */
      readonly probability?: number
    } | null
    /** What the score of `candidate` had to reach. */
    readonly threshold: number
    /** `joined` a known person, `created` a new one, `kept` what was decided before, `moved` to another person; without a person: `tentative` (not seen enough), `ambiguous` (two people are as near, or it looks like one whom another face of the picture is), `low-quality`, `no-embedding` (not looked at yet). */
    readonly reason:
      | 'joined'
      | 'created'
      | 'kept'
      | 'moved'
      | 'tentative'
      | 'ambiguous'
      | 'low-quality'
      | 'no-embedding'
    /** What the track was called until now; absent when it had no provisional ID. */
    readonly provisional?: string
  }
>

/** A track turned out to be somebody else, from its first frame on. */
export type TrackReassignedEvent = CloudEvent<
  'rollcall.track.reassigned.v1',
  {
    /** One face followed on one camera, until a cut or until it was away for long: `CAMERA/STREAM/NUMBER`. */
    readonly track: string
    /** The name that the camera has in the configuration. */
    readonly camera: string
    /** The stable ID of a person; opaque, never used again for another. */
    readonly person: string
    /** Rises by one with each event of this site about people, tracks or sightings, over restarts too. */
    readonly sequence: number
    /** Whom the decision was about: the person assigned, or the nearest one when `person` is null or was just created (also one it cannot be, because the two were seen together). Null when there was nobody to compare with. */
    readonly candidate: {
      /** The stable ID of a person; opaque, never used again for another. */
      readonly person: string
      /** Cosine of the two mean embeddings, −1 to 1, higher is more alike; 4 decimals. */
      readonly similarity: number
      /** What is compared with thresholds: the cosine corrected for how little is known of the two, so that it may exceed 1; 4 decimals. */
      readonly score: number
      /** How probable it is that the two are one person, by the score alone, if one and two people were equally frequent; 4 decimals, 0.0001 to 0.9999. Absent in events from before it was said. */
      readonly probability?: number
    } | null
    /** The next best person after `candidate`; null when there is none. */
    readonly runnerUp: {
      /** The stable ID of a person; opaque, never used again for another. */
      readonly person: string
      /** Cosine of the two mean embeddings, −1 to 1, higher is more alike; 4 decimals. */
      readonly similarity: number
      /** What is compared with thresholds: the cosine corrected for how little is known of the two, so that it may exceed 1; 4 decimals. */
      readonly score: number
      /** How probable it is that the two are one person, by the score alone, if one and two people were equally frequent; 4 decimals, 0.0001 to 0.9999. Absent in events from before it was said. */
      readonly probability?: number
    } | null
    /** What the score of `candidate` had to reach. */
    readonly threshold: number
    /** `joined` a known person, `created` a new one, `kept` what was decided before, `moved` to another person; without a person: `tentative` (not seen enough), `ambiguous` (two people are as near, or it looks like one whom another face of the picture is), `low-quality`, `no-embedding` (not looked at yet). */
    readonly reason:
      | 'joined'
      | 'created'
      | 'kept'
      | 'moved'
      | 'tentative'
      | 'ambiguous'
      | 'low-quality'
      | 'no-embedding'
    /** Whom the track was said to be until now; that was wrong. */
    readonly before: string
  }
>

/** A new ID. */
export type PersonCreatedEvent = CloudEvent<
  'rollcall.person.created.v1',
  {
    /** The stable ID of a person; opaque, never used again for another. */
    readonly person: string
    /** Rises by one with each event of this site about people, tracks or sightings, over restarts too. */
    readonly sequence: number
    /** The name that somebody gave; null for somebody unknown. */
    readonly name: string | null
    /** Where it was first seen; null for somebody enrolled, imported or split off another. */
    readonly camera: string | null
    /** The track that it was first seen as; null as `camera`. */
    readonly track: string | null
    /** Who was nearest, and not near enough; null when nobody was known, and for somebody enrolled, imported or split off another. */
    readonly candidate: {
      /** The stable ID of a person; opaque, never used again for another. */
      readonly person: string
      /** Cosine of the two mean embeddings, −1 to 1, higher is more alike; 4 decimals. */
      readonly similarity: number
      /** What is compared with thresholds: the cosine corrected for how little is known of the two, so that it may exceed 1; 4 decimals. */
      readonly score: number
      /** How probable it is that the two are one person, by the score alone, if one and two people were equally frequent; 4 decimals, 0.0001 to 0.9999. Absent in events from before it was said. */
      readonly probability?: number
    } | null
    /** What the score of `candidate` had to reach for this to be no new person; null as `camera`. */
    readonly threshold: number | null
  }
>

/** Somebody gave the person a name, changed it, or took it away. */
export type PersonNamedEvent = CloudEvent<
  'rollcall.person.named.v1',
  {
    /** The stable ID of a person; opaque, never used again for another. */
    readonly person: string
    /** Rises by one with each event of this site about people, tracks or sightings, over restarts too. */
    readonly sequence: number
    /** The name that somebody gave; null for somebody unknown. */
    readonly name: string | null
    /** The name until now; null when there was none. */
    readonly before: string | null
  }
>

/** Two IDs turned out to be one person. `person` is an alias of `into` from now on; only an `unmerged` event of it ends that. */
export type PersonMergedEvent = CloudEvent<
  'rollcall.person.merged.v1',
  {
    /** The stable ID of a person; opaque, never used again for another. */
    readonly person: string
    /** Rises by one with each event of this site about people, tracks or sightings, over restarts too. */
    readonly sequence: number
    /** The name that somebody gave; null for somebody unknown. */
    readonly name: string | null
    /** Everything said of `person`, before and after, is about this one. */
    readonly into: string
    /** Who did it: `engine` by what faces look like, `user` through the gallery, `retention` by the rule for old data. */
    readonly by: 'engine' | 'user' | 'retention'
    /** Cosine between the two, −1 to 1; null when somebody said so. */
    readonly similarity: number | null
    /** The cosine corrected for how little is known of the two; null when somebody said so. */
    readonly score: number | null
    /** How probable it is that the two are one person, by the score alone; null when somebody said so, absent in events from before it was said. */
    readonly probability?: number | null
    /** What `score` had to reach, or, when recordings are over, the mean cosine of all looks; null when somebody said so. */
    readonly threshold: number | null
  }
>

/** One ID turned out to be two people. Events of tracks say which of the past belongs to the new one. */
export type PersonSplitEvent = CloudEvent<
  'rollcall.person.split.v1',
  {
    /** The stable ID of a person; opaque, never used again for another. */
    readonly person: string
    /** Rises by one with each event of this site about people, tracks or sightings, over restarts too. */
    readonly sequence: number
    /** The name that somebody gave; null for somebody unknown. */
    readonly name: string | null
    /** The new person, taken out of `person`, which keeps its ID; a `created` event of it comes before. */
    readonly off: string
    /** Who did it: `engine` by what faces look like, `user` through the gallery, `retention` by the rule for old data. */
    readonly by: 'engine' | 'user' | 'retention'
    /** Cosine between the two parts, −1 to 1; null when somebody said so. */
    readonly similarity: number | null
    /** The cosine corrected for how little is known of the two; null when somebody said so. */
    readonly score: number | null
    /** How probable it is that the two are one person, by the score alone; null when somebody said so, absent in events from before it was said. */
    readonly probability?: number | null
    /** What `score` fell short of; null when somebody said so. */
    readonly threshold: number | null
  }
>

/** A merge was wrong: `person` is no alias any more but somebody of its own. Everything that was assigned under this ID is about this person again, and so is what was assigned under IDs that had been merged into it before. */
export type PersonUnmergedEvent = CloudEvent<
  'rollcall.person.unmerged.v1',
  {
    /** The stable ID of a person; opaque, never used again for another. */
    readonly person: string
    /** Rises by one with each event of this site about people, tracks or sightings, over restarts too. */
    readonly sequence: number
    /** The name that somebody gave; null for somebody unknown. */
    readonly name: string | null
    /** The person that `person` was an alias of until now, directly or over others. */
    readonly from: string
    /** Who did it: `engine` by what faces look like, `user` through the gallery, `retention` by the rule for old data. */
    readonly by: 'engine' | 'user' | 'retention'
    /** Cosine between the two parts, −1 to 1; null when somebody said so. */
    readonly similarity: number | null
    /** The cosine corrected for how little is known of the two; null when somebody said so. */
    readonly score: number | null
    /** How probable it is that the two are one person, by the score alone; null when somebody said so, absent in events from before it was said. */
    readonly probability?: number | null
    /** What `score` fell short of; null when somebody said so. */
    readonly threshold: number | null
  }
>

/** Somebody said that two IDs are certainly two people, or took that back. Splits, moves and unmerges by people say the same of their two without this event. */
export type PersonApartEvent = CloudEvent<
  'rollcall.person.apart.v1',
  {
    /** The stable ID of a person; opaque, never used again for another. */
    readonly person: string
    /** Rises by one with each event of this site about people, tracks or sightings, over restarts too. */
    readonly sequence: number
    /** The name that somebody gave; null for somebody unknown. */
    readonly name: string | null
    /** The other of the two. */
    readonly other: string
    /** True: the two are never merged by the engine from now on. False: that was taken back. */
    readonly apart: boolean
  }
>

/** Not seen for long: no longer listed, but still recognised. */
export type PersonArchivedEvent = CloudEvent<
  'rollcall.person.archived.v1',
  {
    /** The stable ID of a person; opaque, never used again for another. */
    readonly person: string
    /** Rises by one with each event of this site about people, tracks or sightings, over restarts too. */
    readonly sequence: number
    /** The name that somebody gave; null for somebody unknown. */
    readonly name: string | null
    /** When the person was last seen, whole milliseconds. */
    readonly lastSeenAtMs: number
  }
>

/** An archived person is back, with the same ID. */
export type PersonRestoredEvent = CloudEvent<
  'rollcall.person.restored.v1',
  {
    /** The stable ID of a person; opaque, never used again for another. */
    readonly person: string
    /** Rises by one with each event of this site about people, tracks or sightings, over restarts too. */
    readonly sequence: number
    /** The name that somebody gave; null for somebody unknown. */
    readonly name: string | null
  }
>

/** Every trace of the person is gone from Rollcall: delete yours. On Kafka a tombstone of the same key follows. */
export type PersonDeletedEvent = CloudEvent<
  'rollcall.person.deleted.v1',
  {
    /** The stable ID of a person; opaque, never used again for another. */
    readonly person: string
    /** Rises by one with each event of this site about people, tracks or sightings, over restarts too. */
    readonly sequence: number
    /** Who did it: `engine` by what faces look like, `user` through the gallery, `retention` by the rule for old data. */
    readonly by: 'engine' | 'user' | 'retention'
  }
>

/** The site has learned, without labels, that different people are more or less alike here than where the embedder was calibrated. All scores move by it. */
export type CalibrationChangedEvent = CloudEvent<
  'rollcall.calibration.changed.v1',
  {
    /** Added to every score from now on; 4 decimals. */
    readonly correction: number
    /** Added until now; 0 at first. */
    readonly before: number
    /** The median cosine of two people where the embedder was calibrated; 4 decimals. */
    readonly expected: number
    /** That of two people who were seen together here; 4 decimals. */
    readonly median: number
    /** People whom it was learned from. */
    readonly people: number
    /** Pairs of them who were seen together. */
    readonly pairs: number
    /** Rises by one with each event of this site about people, tracks or sightings, over restarts too. */
    readonly sequence: number
  }
>

/** An attempt to open the camera began. */
export type CameraOpeningEvent = CloudEvent<
  'rollcall.camera.opening.v1',
  {
    /** The name that the camera has in the configuration. */
    readonly camera: string
    /** The state it is in from now on. */
    readonly state: 'opening'
    /** When, whole milliseconds since the Unix epoch; for recordings, since their beginning. */
    readonly atMs: number
    /** Why, in words for people; it never holds a password. */
    readonly reason: string
    /** A code that never changes, such as `CAMERA_UNREACHABLE`; absent when nothing is wrong. */
    readonly code?: string
    /** When the next attempt to open it starts, whole milliseconds from `atMs`, at most two days; absent when there is none. */
    readonly retryInMs?: number
    /** Ended: the `stream` of a recording that was read to its end without loss, made from its content. */
    readonly stream?: string
  }
>

/** Its frames arrive. With the code `CAMERA_DECODER` they never stopped: a hardware decoder was given up, and software decodes. */
export type CameraOnlineEvent = CloudEvent<
  'rollcall.camera.online.v1',
  {
    /** The name that the camera has in the configuration. */
    readonly camera: string
    /** The state it is in from now on. */
    readonly state: 'online'
    /** When, whole milliseconds since the Unix epoch; for recordings, since their beginning. */
    readonly atMs: number
    /** Why, in words for people; it never holds a password. */
    readonly reason: string
    /** A code that never changes, such as `CAMERA_UNREACHABLE`; absent when nothing is wrong. */
    readonly code?: string
    /** When the next attempt to open it starts, whole milliseconds from `atMs`, at most two days; absent when there is none. */
    readonly retryInMs?: number
    /** Ended: the `stream` of a recording that was read to its end without loss, made from its content. */
    readonly stream?: string
  }
>

/** The camera sends, but this machine decodes or analyses no picture of it for `stallAfterMs`. The connection stays, and `online` follows when it keeps up again. */
export type CameraOverloadedEvent = CloudEvent<
  'rollcall.camera.overloaded.v1',
  {
    /** The name that the camera has in the configuration. */
    readonly camera: string
    /** The state it is in from now on. */
    readonly state: 'overloaded'
    /** When, whole milliseconds since the Unix epoch; for recordings, since their beginning. */
    readonly atMs: number
    /** Why, in words for people; it never holds a password. */
    readonly reason: string
    /** A code that never changes, such as `CAMERA_UNREACHABLE`; absent when nothing is wrong. */
    readonly code?: string
    /** When the next attempt to open it starts, whole milliseconds from `atMs`, at most two days; absent when there is none. */
    readonly retryInMs?: number
    /** Ended: the `stream` of a recording that was read to its end without loss, made from its content. */
    readonly stream?: string
  }
>

/** The camera sends nothing for `stallAfterMs`, or the very same picture for `frozenAfterMs`. `online` follows when it moves again. */
export type CameraFrozenEvent = CloudEvent<
  'rollcall.camera.frozen.v1',
  {
    /** The name that the camera has in the configuration. */
    readonly camera: string
    /** The state it is in from now on. */
    readonly state: 'frozen'
    /** When, whole milliseconds since the Unix epoch; for recordings, since their beginning. */
    readonly atMs: number
    /** Why, in words for people; it never holds a password. */
    readonly reason: string
    /** A code that never changes, such as `CAMERA_UNREACHABLE`; absent when nothing is wrong. */
    readonly code?: string
    /** When the next attempt to open it starts, whole milliseconds from `atMs`, at most two days; absent when there is none. */
    readonly retryInMs?: number
    /** Ended: the `stream` of a recording that was read to its end without loss, made from its content. */
    readonly stream?: string
  }
>

/** It cannot be opened, or was lost; `retryInMs` says when the next attempt is. */
export type CameraOfflineEvent = CloudEvent<
  'rollcall.camera.offline.v1',
  {
    /** The name that the camera has in the configuration. */
    readonly camera: string
    /** The state it is in from now on. */
    readonly state: 'offline'
    /** When, whole milliseconds since the Unix epoch; for recordings, since their beginning. */
    readonly atMs: number
    /** Why, in words for people; it never holds a password. */
    readonly reason: string
    /** A code that never changes, such as `CAMERA_UNREACHABLE`; absent when nothing is wrong. */
    readonly code?: string
    /** When the next attempt to open it starts, whole milliseconds from `atMs`, at most two days; absent when there is none. */
    readonly retryInMs?: number
    /** Ended: the `stream` of a recording that was read to its end without loss, made from its content. */
    readonly stream?: string
  }
>

/** A recording was read to its end, or nothing can be done about the camera any more. The last event of it. */
export type CameraEndedEvent = CloudEvent<
  'rollcall.camera.ended.v1',
  {
    /** The name that the camera has in the configuration. */
    readonly camera: string
    /** The state it is in from now on. */
    readonly state: 'ended'
    /** When, whole milliseconds since the Unix epoch; for recordings, since their beginning. */
    readonly atMs: number
    /** Why, in words for people; it never holds a password. */
    readonly reason: string
    /** A code that never changes, such as `CAMERA_UNREACHABLE`; absent when nothing is wrong. */
    readonly code?: string
    /** When the next attempt to open it starts, whole milliseconds from `atMs`, at most two days; absent when there is none. */
    readonly retryInMs?: number
    /** Ended: the `stream` of a recording that was read to its end without loss, made from its content. */
    readonly stream?: string
  }
>

/** What a rule of the configuration waits for has happened. `time` is that moment, and `subject` the person. */
export type RuleFiredEvent = CloudEvent<
  'rollcall.rule.fired.v1',
  {
    /** The name of the rule in the configuration. */
    readonly rule: string
    /** What the rule waits for; docs/integrations.md explains each. */
    readonly when: 'arrives' | 'leaves' | 'stays' | 'misses'
    /** The stable ID of a person; opaque, never used again for another. */
    readonly person: string
    /** The name of the person at that time; null for the unknown. */
    readonly name: string | null
    /** Where the person was seen last. */
    readonly camera: string
    /** When it happened: the arrival, the last moment before the leaving, the moment at which the stay was long enough. Capture time, milliseconds. */
    readonly atMs: number
    /** When the visit began: capture time, milliseconds. */
    readonly fromMs: number
    /** Analysed frames of the visit until it was decided. */
    readonly frames: number
    /** The number of the visit, as far as the rule knows: without `times` it forgets visits that no longer matter. */
    readonly visits: number
    /** Why: one sentence for each condition, for people to read. */
    readonly reasons: readonly string[]
    /** Rises by one with each event of this site about people, tracks or sightings, over restarts too. */
    readonly sequence: number
  }
>

/** Every event that Rollcall publishes. A later Rollcall may add some: leave out what you do not know. */
export type RollcallEvent =
  | FrameEvent
  | SightingStartedEvent
  | SightingEndedEvent
  | SightingCorrectedEvent
  | TrackProvisionalEvent
  | TrackAssignedEvent
  | TrackReassignedEvent
  | PersonCreatedEvent
  | PersonNamedEvent
  | PersonMergedEvent
  | PersonSplitEvent
  | PersonUnmergedEvent
  | PersonApartEvent
  | PersonArchivedEvent
  | PersonRestoredEvent
  | PersonDeletedEvent
  | CalibrationChangedEvent
  | CameraOpeningEvent
  | CameraOnlineEvent
  | CameraOverloadedEvent
  | CameraFrozenEvent
  | CameraOfflineEvent
  | CameraEndedEvent
  | RuleFiredEvent

/** A type of event, with the version of its data. */
export type EventType = RollcallEvent['type']
/** The event of a type, such as `EventOf<'rollcall.person.merged.v1'>`. */
export type EventOf<Type extends EventType> = Extract<RollcallEvent, { readonly type: Type }>
/** One face of an analysed frame. */
export type FrameFace = FrameEvent['data']['faces'][number]
/** A face's box as fractions of the picture, 0–1, from its top left corner; parts may lie outside the picture. */
export type Box = FrameFace['box']
/** The latest change of a camera's state. */
export type CameraChange = Extract<RollcallEvent, { readonly type: `rollcall.camera.${string}` }>['data']
