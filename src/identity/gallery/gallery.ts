import type { Candidate, Compared, Comparison, RollcallEvent } from '../../events/types.ts'
import type { Person, PersonId, TrackId, WallMs } from '../../types.ts'
import type { PeopleCompared } from '../people/compare-people.ts'
import type { ExportedPerson } from './exported-person.ts'

/** One face of a person who is enrolled. */
export interface EnrolledFace {
  /** Unit length. */
  readonly embedding: Float32Array
  /** 0–1, `Quality.overall`. */
  readonly quality: number
}

/** A person with all that helps to judge a merge or a split. */
export interface PersonDetails extends Person {
  /** Former IDs, the first merged first. */
  readonly aliases: readonly PersonId[]
  /** People with a cannot-link: seen together, or separated by a user. */
  readonly apart: readonly PersonId[]
  /** The number of looks: exemplars and contributions. */
  readonly exemplars: number
  /** The least cosine between two of them; null for fewer than two. */
  readonly spread: number | null
  /** At most five others with the highest scores, best first. The engine merges one that reaches `threshold`. */
  readonly alike: readonly (Candidate & Compared)[]
}

/** The comparison in the details of a refused merge. */
export interface ScoredMerge extends PeopleCompared {
  /** The least score of the two means: `identity.join`. */
  readonly threshold: number
}

/** How alike two people are, and what is known of whether they are one. */
export interface TwoCompared {
  /** Of their means; null when one of them has no look. */
  readonly whole: Comparison | null
  /** Of their two most similar looks; null as above. */
  readonly looks: Comparison | null
  /** The least score of the two means for a merge without `force`: `identity.join`. */
  readonly threshold: number
  /** The one that keeps its ID when they are merged, and the one whose ID becomes an alias. */
  readonly into: PersonId
  readonly from: PersonId
  /** Frames that show both; null when somebody said that they are two. */
  readonly together: number | null
  /** Whether a merge needs `force`: they are unlike, were seen together, or were told apart. In words; null when not. */
  readonly against: string | null
  /** Both have a name, and not the same. Then they are not merged until one is taken away. */
  readonly namesDiffer: boolean
}

/**
 * The actions of users on people. Aliases are followed, and each action returns its events. `atMs` is wall time. Throws
 * PERSON_UNKNOWN for an ID that nobody has, and PERSON_CONFLICT for an action that contradicts what is known.
 */
export interface Gallery {
  /** All people, archived ones included, in the order of creation. */
  people(): Person[]
  /** Computes the details of one person. */
  person(id: PersonId): PersonDetails
  /** Compares two people, for whoever is to decide. */
  compare(a: PersonId, b: PersonId): TwoCompared
  /** One person as `people` lists it. */
  personListed(id: PersonId): Person
  /** Whether somebody has this ID, or had it before a merge. */
  has(id: PersonId): boolean
  /** The person's present ID, then its aliases. */
  idsOf(id: PersonId): PersonId[]
  /** Sets a name, as `cleanName` normalises it; null removes it. Two people may have the same name. */
  name(id: PersonId, name: string | null, atMs: WallMs): RollcallEvent[]
  /**
   * Makes two IDs one person: the named one keeps its ID, else the older. PERSON_CONFLICT for two with different names and,
   * unless `force`, for two who are unlike (a score below `identity.join`), who were seen together, or of whom somebody
   * said that they are two; the error's details have `ScoredMerge`.
   */
  merge(a: PersonId, b: PersonId, atMs: WallMs, options?: { readonly force?: boolean }): RollcallEvent[]
  /**
   * Divides a person who turned out to be two along its two most different parts: see `Splitting.split`. With `tracks`
   * exactly those come off, see `Splitting.takeOff`. PERSON_CONFLICT for somebody known from one look only; for a track
   * that is not the person's, or not kept any more (`identity.sightingDays`); and when nothing would be left.
   */
  split(id: PersonId, atMs: WallMs, options?: { readonly tracks?: readonly TrackId[] }): RollcallEvent[]
  /**
   * Takes a wrong merge back: the old ID has its looks, name and counts as before the merge, with what was assigned under
   * it since, and the two are never one again. IDs that had been merged into it before stay its own. PERSON_CONFLICT when
   * it is no old ID, or its part can no longer be told.
   */
  unmerge(oldId: PersonId, atMs: WallMs): RollcallEvent[]
  /**
   * Gives tracks of one person to another; the two are never one again. PERSON_CONFLICT as for `split`, and for one person.
   */
  move(from: PersonId, to: PersonId, tracks: readonly TrackId[], atMs: WallMs): RollcallEvent[]
  /** Whether these tracks are all that the person is known by. PERSON_CONFLICT for tracks that are not the person's. */
  isAllOf(id: PersonId, tracks: readonly TrackId[]): boolean
  /** Records that the two differ: the engine never merges them. */
  separate(a: PersonId, b: PersonId, atMs: WallMs): RollcallEvent[]
  /** Says that somebody has told the two apart, or has taken that back; changes nothing. */
  tellApart(id: PersonId, other: PersonId, apart: boolean, atMs: WallMs): RollcallEvent[]
  /** Deletes the person and every embedding of it. The ID is never used again. */
  remove(id: PersonId, atMs: WallMs): RollcallEvent[]
  /** Adds faces to the person of this name, or to a new one. Throws USAGE for a name without a visible character. */
  enroll(name: string, faces: readonly EnrolledFace[], atMs: WallMs): RollcallEvent[]
  /** All people with their embeddings. */
  exportPeople(): ExportedPerson[]
  /** Adds people. One whose ID exists only gets the name. Imports all or nobody. */
  importPeople(people: readonly ExportedPerson[], atMs: WallMs): RollcallEvent[]
}
