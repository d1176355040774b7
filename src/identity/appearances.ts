import type { CameraId, Decision, PersonId, TrackId } from '../types.ts'
import { evidenceOf, type Known } from './evidence.ts'
import type { PersonRecord } from './people.ts'
import type { Template } from './template.ts'

/** What the identity engine knows of one track. */
export interface Appearance {
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
  readonly beside: Map<Appearance, number>
  /** The same for people whose tracks are not kept any more. */
  readonly besidePeople: Map<PersonId, number>
  decision: Decision
  /** Frames and start of the time that no sighting has counted yet. */
  uncounted: { readonly fromMs: number; readonly frames: number } | null
}

export const appear = (track: TrackId, camera: CameraId, atMs: number, threshold: number): Appearance => ({
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
  beside: new Map(),
  besidePeople: new Map(),
  decision: { person: null, similarity: null, runnerUp: null, threshold, reason: 'no-embedding' },
  uncounted: { fromMs: atMs, frames: 0 },
})

export const knownOf = (template: Template): Known => ({ mean: template.mean, evidence: evidenceOf(template.weight) })

/** Counts that these tracks, none of them doubtful, were seen in one frame. */
export const countBeside = (visible: readonly Appearance[]): void => {
  for (const one of visible)
    for (const other of visible) if (one !== other) one.beside.set(other, (one.beside.get(other) ?? 0) + 1)
}

/** Nobody will ask about this track again; those beside it remember its person. */
export const forget = (appearance: Appearance): void => {
  const { person } = appearance
  for (const [other, frames] of appearance.beside) {
    other.beside.delete(appearance)
    if (person) other.besidePeople.set(person.id, (other.besidePeople.get(person.id) ?? 0) + frames)
  }
  appearance.beside.clear()
}
