import type { Candidate, Compared } from '../../events/types.ts'
import type { PersonId } from '../../types.ts'
import type { TrackAssignments } from '../clustering/track-assignments.ts'
import { roundedCandidate, share } from '../events/event-values.ts'
import type { IdentityOptions } from '../options.ts'
import type { CoOccurrence } from '../people/co-occurrence.ts'
import type { Known } from '../people/evidence.ts'
import type { People } from '../people/people.ts'
import { candidateOf } from '../people/people-index.ts'
import type { PersonRecord } from '../people/person-record.ts'

/** Two people who may be one: alike, but less than the engine needs to merge them, and never seen together. */
export interface LikelyDuplicate extends Compared {
  /** The one that would keep its ID. */
  readonly into: PersonId
  readonly from: PersonId
}

/** Who may be whom, as far as has been looked. */
export interface LikelyDuplicates {
  /** Each person in at most one pair, with whom it is most like; in no order. */
  readonly pairs: readonly LikelyDuplicate[]
  /** How many people's nearest were looked up by now, of how many. */
  readonly looked: number
  readonly of: number
}

/** Looks for people who may be one. */
export interface Duplicates {
  /**
   * Looks up the nearest of at most `most` people whose looks have changed since they were looked up, the older ones first.
   * So a call costs so many searches, however many people there are, and further calls get to the rest.
   */
  likelyDuplicates(most: number): LikelyDuplicates
}

/** What the search for duplicates reads. */
export interface DuplicatesParts {
  readonly people: Pick<People, 'all' | 'nearestTo'>
  readonly coOccurrence: Pick<CoOccurrence, 'frames'>
  readonly assignments: Pick<TrackAssignments, 'mergeThreshold'>
  readonly options: Pick<IdentityOptions, 'create'>
}

/** Keeps whom each person is most like, while neither's looks change. It is made anew after a restart. */
export const createDuplicates = ({ people, coOccurrence, assignments, options }: DuplicatesParts): Duplicates => {
  /** By person: the looks that the search was made with, and whom it has found. */
  let found = new Map<
    PersonRecord,
    { readonly known: Known; readonly other: PersonRecord | null; readonly as: Candidate | null }
  >()
  const mayBeOne = (one: PersonRecord, other: PersonRecord): boolean =>
    one !== other &&
    coOccurrence.frames(one.id, other.id) === 0 &&
    (one.name === null || other.name === null || one.name === other.name)

  const look = (person: PersonRecord, known: Known): void => {
    const [match] = people.nearestTo(person, 1, (other) => mayBeOne(person, other))
    found.set(person, { known, other: match?.person ?? null, as: match ? candidateOf(match) : null })
  }
  const pairOf = (person: PersonRecord): LikelyDuplicate[] => {
    const { other, as } = found.get(person) ?? {}
    if (!other || !as || !found.has(other) || !mayBeOne(person, other)) return []
    const threshold = assignments.mergeThreshold(person, other)
    if (as.score < options.create || as.score >= threshold) return []
    const stays = person.name === null && other.name === null ? person.order < other.order : person.name !== null
    const { similarity, score } = roundedCandidate(as)
    const [into, from] = stays ? [person, other] : [other, person]
    return [{ into: into.id, from: from.id, similarity, score, threshold: share(threshold) }]
  }

  return {
    likelyDuplicates(most) {
      const all = people.all().filter(({ known }) => known !== null)
      found = new Map(all.flatMap((person) => (found.has(person) ? [[person, found.get(person)] as never] : [])))
      const stale = all.filter((person) => found.get(person)?.known !== person.known)
      for (const person of stale.slice(0, most)) look(person, person.known as Known)
      const pairs = new Map(all.flatMap(pairOf).map((pair) => [`${pair.into} ${pair.from}`, pair]))
      return { pairs: [...pairs.values()], looked: all.length - Math.max(0, stale.length - most), of: all.length }
    },
  }
}
