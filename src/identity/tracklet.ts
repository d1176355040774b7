import type { Template } from '../math/template.ts'
import type { CameraId, Decision, PersonId, TrackId } from '../types.ts'
import { evidenceOf, type Known } from './evidence.ts'
import type { PersonRecord } from './people.ts'

/** What the identity engine knows of one track. */
export interface Tracklet {
  readonly track: TrackId
  readonly camera: CameraId
  readonly firstMs: number
  /** Frames in which the face was seen. */
  frames: number
  template: Template | null
  bestQuality: number
  /** Its last embedding was not like those before: somebody else may have taken the track over. */
  doubtful: boolean
  /** When the first and the last embedding in the template were taken. */
  goodFromMs: number
  goodUntilMs: number
  lastMs: number
  person: PersonRecord | null
  /** Whom it has left and not yet found another for. */
  before: PersonId | null
  /** Frames shared with other tracks: those cannot be the same person. */
  readonly coOccurrences: Map<Tracklet, number>
  /** The same for people whose tracks are not kept any more. */
  readonly coOccurringPeople: Map<PersonId, number>
  decision: Decision
  /** Frames and start of the time that no sighting has counted yet. */
  uncounted: { readonly fromMs: number; readonly frames: number } | null
}

export const newTracklet = (track: TrackId, camera: CameraId, atMs: number, threshold: number): Tracklet => ({
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
  before: null,
  coOccurrences: new Map(),
  coOccurringPeople: new Map(),
  decision: { person: null, similarity: null, runnerUp: null, threshold, reason: 'no-embedding' },
  uncounted: { fromMs: atMs, frames: 0 },
})

export const knownOf = (template: Template): Known => ({ mean: template.mean, evidence: evidenceOf(template.weight) })

/** Counts that these tracks, none of them doubtful, were seen in one frame. */
export const countCoOccurrences = (visible: readonly Tracklet[]): void => {
  for (const one of visible)
    for (const other of visible)
      if (one !== other) one.coOccurrences.set(other, (one.coOccurrences.get(other) ?? 0) + 1)
}

/** Nobody will ask about this track again; those beside it remember its person. */
export const forget = (tracklet: Tracklet): void => {
  const { person } = tracklet
  for (const [other, frames] of tracklet.coOccurrences) {
    other.coOccurrences.delete(tracklet)
    if (person) other.coOccurringPeople.set(person.id, (other.coOccurringPeople.get(person.id) ?? 0) + frames)
  }
  tracklet.coOccurrences.clear()
}
