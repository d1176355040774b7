import type { Decision } from '../../events/types.ts'
import type { Template } from '../../math/template.ts'
import type { CameraId, MediaMs, PersonId, ProvisionalId, TrackId } from '../../types.ts'
import { evidenceOf, type Known } from '../people/evidence.ts'
import { contributionOf, type PersonRecord } from '../people/person-record.ts'
import type { PastTrack } from '../state/state.ts'

/**
 * The states of a tracklet, each with its person:
 *
 *   tentative ⇄ assigned     the track is live; the tracklet has no person, has one
 *       ↓          ↓
 *   unassigned → ended       the track has ended; the tracklet may still join a person, or move to another one
 *       ↓          ↓
 *       ↓       settled      its template has become part of its person's exemplars
 *       ↓          ↓
 *        forgotten           nothing refers to it any more
 */
export type TrackletLife =
  | { readonly state: 'tentative' | 'unassigned'; readonly person: null }
  | { readonly state: 'assigned' | 'ended' | 'settled'; readonly person: PersonRecord }
  /** It keeps its person for a change that is not published yet. */
  | { readonly state: 'forgotten'; readonly person: PersonRecord | null }

/** The name of a state alone. */
export type TrackletState = TrackletLife['state']

/** What one track has shown. Call `Tracklets.touch` after a change, so that it is saved. Times are capture times. */
export interface TrackletFacts {
  /** Unique among the tracklets of the site; later ones have higher keys. */
  readonly key: number
  readonly track: TrackId
  readonly camera: CameraId
  /** Its first frame. */
  readonly firstMs: MediaMs
  /** Frames that showed its face. */
  frames: number
  /** Null until the first good face. */
  template: Template | null
  /** Of the faces in its template, 0–1, each less as far as its embedding is that of a poor picture: see `clarityOn`. */
  bestQuality: number
  /**
   * True when its last embedding did not fit its template, or it looks like the person of another track: this may be a
   * tracker swap.
   */
  doubtful: boolean
  /** Nobody was clearly its person when `identity.tentativeMs` was over: it waits for somebody who is known later. */
  waits: boolean
  /** What it is called while only poor looks of it have come: see `TentativeTracklets.provisionalFor`. Null without one. */
  provisional: ProvisionalId | null
  /** The first embedding in its template. */
  goodFromMs: MediaMs
  /** The last embedding in its template. */
  goodUntilMs: MediaMs
  /** Its last frame. */
  lastMs: MediaMs
  /** The ID that its person had when it joined; a later merge does not change it. Null while it has no person. */
  assignedAs: PersonId | null
  /** The person that it left, until it joins another. */
  before: PersonId | null
  /** Frames together with other tracklets. Enough of them are a cannot-link. */
  readonly coOccurrences: Map<Tracklet, number>
  /** Frames together with people whose tracklets are forgotten. */
  readonly coOccurringPeople: Map<PersonId, number>
  /** The latest decision, for events. */
  decision: Decision
  /** `seq` of its last frame. */
  lastSeq: number
  /** Frames that no sighting has counted yet; `seq` and `fromMs` are those of the first. */
  uncounted: { readonly seq: number; readonly fromMs: MediaMs; readonly frames: number } | null
  /** Orders a person's contributions: rises with each tracklet that joins a person. Zero before. */
  joinedOrder: number
  /** Orders ended tracklets: rises with each one that ends, and when an unassigned one joins a person. Zero before. */
  endedOrder: number
}

/** What the identity engine knows of one track, and its state. */
export type Tracklet = TrackletFacts & TrackletLife

/** A tentative tracklet without a template. `threshold` goes into its first event, which no comparison precedes. */
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
  waits: false,
  provisional: null,
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

/** The decision on a track without any embedding. */
export const undecided = (threshold: number): Decision => ({
  person: null,
  candidate: null,
  runnerUp: null,
  threshold,
  reason: 'no-embedding',
})

/** A template's direction and evidence, as `Compare` takes them. */
export const knownOf = (template: Template): Known => ({ mean: template.mean, evidence: evidenceOf(template.weight) })

/** The tracklet as it is kept after its track is over; null when it has shown nothing. */
export const pastOf = (tracklet: Tracklet): PastTrack | null => {
  const { track, lastSeq: seq, camera, firstMs, lastMs, template, bestQuality } = tracklet
  if (!template) return null
  const shown = { firstMs, faces: template.faces, quality: bestQuality }
  return { track, seq, camera, lastMs, look: contributionOf(template, bestQuality), shown }
}

/** True while its track is live. */
export const isVisible = ({ state }: Tracklet): boolean => state === 'tentative' || state === 'assigned'

/** The decision without these IDs; the same object when it has none of them. */
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
