import type { Template } from '../../math/template.ts'
import type { CameraId, MediaMs, PersonId, WallMs } from '../../types.ts'
import type { Exemplar } from '../state/state.ts'
import { evidenceOf, type Known } from './evidence.ts'
import type { Origins } from './origins.ts'

/** What a person is made of while a track may still change: the key of its contributions. */
export interface Contributor {
  /** The ID it was assigned under; absent: the one that the person has. */
  readonly assignedAs?: PersonId | null
}

/** Somebody who has an ID, in memory. Whoever changes one calls `People.touch`. */
export interface PersonRecord {
  readonly id: PersonId
  /** Place in the order of creation: the older of two survives a merge. Clocks of cameras differ, so time cannot say. */
  readonly order: number
  readonly createdAtMs: number
  name: string | null
  archived: boolean
  /** Of its newest sight, by the camera's or file's own time. */
  lastSeenAtMs: MediaMs
  /** Since when nobody has seen it, by our clock; null: seen since the clock was last looked at. See `createRetention`. */
  unseenSinceMs: WallMs | null
  lastCamera: CameraId
  tracks: number
  faces: number
  /** What ended tracks have left. */
  exemplars: readonly Exemplar[]
  /** How many looks `exemplars` is made of: settled tracks, photos. While all are kept, it can be made anew. */
  sources: number
  /** What tracks add that may still change or leave, by whatever stands for the track. */
  readonly contributions: Map<Contributor, Exemplar>
  /** Of IDs that were merged into this one and can be given back. */
  origins: Origins
  /** All looks together; null while there is none. */
  known: Known | null
}

/** The best quality of a track, 0–1, from which on its look is a clear one; below it in proportion, down to `unclear`. */
const clear = 0.5
const unclear = 0.1
/** The least share of a look that counts as shown. */
const leastClarity = 0.2

/**
 * What a track adds to the person it is: its template with the evidence of one track. Poor faces of one track share their
 * fault, so their mean points beside the person, however many there are: the sum is shortened to the share, 0.2–1, that
 * the track's best face (`bestQuality`, 0–1) shows clearly.
 */
export const contributionOf = (template: Template, bestQuality: number): Exemplar => {
  const weight = evidenceOf(template.weight)
  const clarity = Math.min(1, Math.max(leastClarity, (bestQuality - unclear) / (clear - unclear)))
  return { sum: template.mean.map((value) => value * weight * clarity), weight }
}
