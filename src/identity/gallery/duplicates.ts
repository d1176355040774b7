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
   * Looks up the nearest of at most `most` people who need it, the older ones first: their looks, their name or who is known
   * to be somebody else has changed since they were looked up, or whom they were most like has.
   * So a call costs so many searches, however many people there are, and further calls get to the rest.
   */
  likelyDuplicates(most: number): LikelyDuplicates
}

/** What the search for duplicates reads. */
export interface DuplicatesParts {
  readonly people: Pick<People, 'all' | 'nearestTo'>
  readonly coOccurrence: Pick<CoOccurrence, 'frames' | 'with'>
  readonly assignments: Pick<TrackAssignments, 'mergeThreshold'>
  readonly options: Pick<IdentityOptions, 'create'>
}

/** What was found for a person, and what it followed from. */
interface Found {
  readonly known: Known
  readonly name: string | null
  /** How many people it was seen with, or told apart from. */
  readonly others: number
  readonly other: PersonRecord | null
  readonly otherKnown: Known | null
  readonly as: Candidate | null
}

/** Keeps whom each person is most like, until something changes that. It is made anew after a restart. */
export const createDuplicates = ({ people, coOccurrence, assignments, options }: DuplicatesParts): Duplicates => {
  let found = new Map<PersonRecord, Found>()
  const mayBeOne = (one: PersonRecord, other: PersonRecord): boolean =>
    one !== other &&
    coOccurrence.frames(one.id, other.id) === 0 &&
    (one.name === null || other.name === null || one.name === other.name)

  const look = (person: PersonRecord, known: Known): void => {
    const [match] = people.nearestTo(person, 1, (other) => mayBeOne(person, other))
    const other = match?.person ?? null
    const now = { known, name: person.name, others: coOccurrence.with(person.id).size }
    found.set(person, { ...now, other, otherKnown: other?.known ?? null, as: match ? candidateOf(match) : null })
  }
  const isStale = (person: PersonRecord, existing: ReadonlySet<PersonRecord>): boolean => {
    const before = found.get(person)
    if (!before || before.known !== person.known || before.name !== person.name) return true
    const { other, others, otherKnown } = before
    if (other && (!existing.has(other) || other.known !== otherKnown || !mayBeOne(person, other))) return true
    return others !== coOccurrence.with(person.id).size
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
      const existing = new Set(all)
      const stale = all.filter((person) => isStale(person, existing))
      for (const person of stale.slice(0, most)) look(person, person.known as Known)
      const pairs = new Map(all.flatMap(pairOf).map((pair) => [`${pair.into} ${pair.from}`, pair]))
      return { pairs: [...pairs.values()], looked: all.length - Math.max(0, stale.length - most), of: all.length }
    },
  }
}
