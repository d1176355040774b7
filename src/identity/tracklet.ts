import type { Template } from '../math/template.ts'
import type { CameraId, Decision, MediaMs, PersonId, TrackId } from '../types.ts'
import { evidenceOf, type Known } from './evidence.ts'
import type { PersonRecord } from './person-record.ts'

/**
 * Where a tracklet is in its life, and whose it is:
 *
 *   tentative ⇄ assigned     its track is still seen; without a person, with one
 *       ↓          ↓
 *   unassigned → ended       its track is over; it may still be given to a person, or to another one
 *       ↓          ↓
 *       ↓       settled      what it showed belongs to its person for good
 *       ↓          ↓
 *        forgotten           nothing refers to it any more
 */
export type TrackletLife =
  | { readonly state: 'tentative' | 'unassigned'; readonly person: null }
  | { readonly state: 'assigned' | 'ended' | 'settled'; readonly person: PersonRecord }
  /** A change that is not told yet may still name its person. */
  | { readonly state: 'forgotten'; readonly person: PersonRecord | null }

export type TrackletState = TrackletLife['state']

/** What one track has shown. Whoever changes something here calls `Tracklets.touch`. */
export interface TrackletFacts {
  /** No other tracklet that is kept has this number; later tracklets have higher ones. */
  readonly key: number
  readonly track: TrackId
  readonly camera: CameraId
  /** Capture time, as all times here. */
  readonly firstMs: MediaMs
  /** Frames in which the face was seen. */
  frames: number
  template: Template | null
  bestQuality: number
  /** Its last embedding was not like those before: somebody else may have taken the track over. */
  doubtful: boolean
  /** When the first and the last embedding in the template were taken. */
  goodFromMs: MediaMs
  goodUntilMs: MediaMs
  lastMs: MediaMs
  /** The ID of its person when it was assigned: a merge that comes later does not change it. Null before. */
  assignedAs: PersonId | null
  /** Whom it has left and not yet found another for. */
  before: PersonId | null
  /** Frames shared with other tracklets: those cannot be the same person. */
  readonly coOccurrences: Map<Tracklet, number>
  /** The same for people whose tracklets are not kept any more. */
  readonly coOccurringPeople: Map<PersonId, number>
  decision: Decision
  /** Number of its last frame in the stream. */
  lastSeq: number
  /** Frames that no sighting has counted yet; `seq` and `fromMs` are those of the first. */
  uncounted: { readonly seq: number; readonly fromMs: MediaMs; readonly frames: number } | null
  /** Rises with each tracklet that joins a person: the order of a person's contributions. Zero before. */
  joinedOrder: number
  /** Rises with each tracklet whose track is over, and again when it gets a person then. Zero before. */
  endedOrder: number
}

/** What the identity engine knows of one track, and where it is in its life. */
export type Tracklet = TrackletFacts & TrackletLife

/** `threshold` is the one its first event names: nobody has been compared with it yet. */
export const newTracklet = (
  key: number,
  track: TrackId,
  camera: CameraId,
  atMs: MediaMs,
  threshold: number,
): Tracklet => ({
  key,
  state: 'tentative',
  track,
  camera,
  firstMs: atMs,
  frames: 0,
  template: null,
  bestQuality: 0,
  doubtful: false,
  goodFromMs: atMs,
  goodUntilMs: atMs,
  lastMs: atMs,
  person: null,
  assignedAs: null,
  before: null,
  coOccurrences: new Map(),
  coOccurringPeople: new Map(),
  decision: undecided(threshold),
  lastSeq: 0,
  uncounted: null,
  joinedOrder: 0,
  endedOrder: 0,
})

/** The decision about a track of which nothing has been looked at. */
export const undecided = (threshold: number): Decision => ({
  person: null,
  candidate: null,
  runnerUp: null,
  threshold,
  reason: 'no-embedding',
})

/** A template as something to compare with. */
export const knownOf = (template: Template): Known => ({ mean: template.mean, evidence: evidenceOf(template.weight) })

/** Whether its track is still seen. */
export const isVisible = ({ state }: Tracklet): boolean => state === 'tentative' || state === 'assigned'

/** The decision without any mention of these people; the same object when it has none. */
export const decisionWithout = (decision: Decision, ids: ReadonlySet<PersonId>): Decision => {
  const { person, candidate, runnerUp } = decision
  const named = [person, candidate?.person, runnerUp?.person]
  if (!named.some((id) => id && ids.has(id))) return decision
  return {
    ...decision,
    person: person && ids.has(person) ? null : person,
    candidate: candidate && ids.has(candidate.person) ? null : candidate,
    runnerUp: runnerUp && ids.has(runnerUp.person) ? null : runnerUp,
  }
}
