import type { Candidate, Compared, Person, PersonId, RollcallEvent, TrackId, WallMs } from '../types.ts'
import type { PeopleCompared } from './compare-people.ts'
import type { ExportedPerson } from './exported-person.ts'

/** One face of a person to be enrolled. */
export interface EnrolledFace {
  /** Unit length. */
  readonly embedding: Float32Array
  /** 0–1, `Quality.overall`. */
  readonly quality: number
}

export interface PersonDetails extends Person {
  /** Earlier IDs that stand for this person. */
  readonly aliases: readonly PersonId[]
  /** People that this one certainly is not: seen together, or said so. */
  readonly apart: readonly PersonId[]
  /** How many directions it is known by, and how similar the least similar two are. */
  readonly exemplars: number
  readonly spread: number | null
  /** The others of the highest scores, best first: candidates for a merge. `threshold` is the score that merges the two. */
  readonly alike: readonly (Candidate & Compared)[]
}

/** Why a merge is refused: what the two have in common against what they need. */
export interface ScoredMerge extends PeopleCompared {
  /** What the score of the two as wholes has to reach: `identity.join`. */
  readonly threshold: number
}

/**
 * What people may do with people. Every ID may be an old one: aliases are followed. Each returns the events to publish.
 * Throws PERSON_UNKNOWN for an ID that nobody has, PERSON_CONFLICT when it contradicts what is known. `atMs`: wall clock.
 */
export interface Gallery {
  /** Archived ones too, in the order of creation. */
  people(): Person[]
  person(id: PersonId): PersonDetails
  /** The ID that the person has now, and the earlier ones. */
  idsOf(id: PersonId): PersonId[]
  /** Null takes the name away. Two people may have the same name; they stay two. Names are kept as `cleanName` says. */
  name(id: PersonId, name: string | null, atMs: WallMs): RollcallEvent[]
  /**
   * Makes two IDs one person: the named one keeps its ID, else the older. PERSON_CONFLICT for two with different names and,
   * unless `force`, for two who are unlike (a score below `identity.join`), who were seen together, or of whom somebody
   * said that they are two; the error's details have `ScoredMerge`.
   */
  merge(a: PersonId, b: PersonId, atMs: WallMs, options?: { readonly force?: boolean }): RollcallEvent[]
  /**
   * Divides a person who turned out to be two along its two most different parts: see `Splitting.split`. With `tracks`
   * exactly those come off. PERSON_CONFLICT for somebody known from one look only; for a track that is not the person's, or
   * that ended so long ago that what it showed can no longer be told from the rest; and when nothing would be left.
   */
  split(id: PersonId, atMs: WallMs, options?: { readonly tracks?: readonly TrackId[] }): RollcallEvent[]
  /**
   * Takes a wrong merge back: the old ID has its looks, name and counts as before the merge, with what was assigned under
   * it since, and the two are never one again. IDs that had been merged into it before stay its own. PERSON_CONFLICT when
   * it is no old ID, or its part can no longer be told.
   */
  unmerge(oldId: PersonId, atMs: WallMs): RollcallEvent[]
  /** "Not this person": the two are never merged by the engine. */
  separate(a: PersonId, b: PersonId, atMs: WallMs): RollcallEvent[]
  /** Leaves no embedding anywhere; the ID is never given again. */
  remove(id: PersonId, atMs: WallMs): RollcallEvent[]
  /** A new named person, or more faces for the one that has this name. Throws USAGE when nothing of the name is visible. */
  enroll(name: string, faces: readonly EnrolledFace[], atMs: WallMs): RollcallEvent[]
  exportPeople(): ExportedPerson[]
  /** People whose ID exists are replaced only in name; others are added. All or nothing. */
  importPeople(people: readonly ExportedPerson[], atMs: WallMs): RollcallEvent[]
}
