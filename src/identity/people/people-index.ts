import type { Candidate, Comparison } from '../../events/types.ts'
import { createSearch } from '../search/search.ts'
import type { Compare, Known } from './evidence.ts'
import { directionOf } from './exemplars.ts'
import type { PersonRecord } from './person-record.ts'

/** A person with the comparison that found it. */
export interface Match extends Comparison {
  readonly person: PersonRecord
}

/** The match with the person's ID, for decisions and events. */
export const candidateOf = ({ person, similarity, score }: Match): Candidate => ({
  person: person.id,
  similarity,
  score,
})

/** Finds people by similarity. */
export interface PeopleIndex {
  /** Adds a person, or updates one whose looks have changed. */
  put(person: PersonRecord): void
  remove(person: PersonRecord): void
  /**
   * The `count` allowed people with the highest scores, best first; of equals the older comes first. The score is that of
   * `compare`, which takes the person's nearest exemplar into account.
   */
  nearest(known: Known, count: number, allowed: (person: PersonRecord) => boolean): Match[]
  /** As `nearest`, for a person. The score compares the means of the two only. */
  nearestTo(person: PersonRecord, count: number, allowed: (person: PersonRecord) => boolean): Match[]
  /**
   * Compares a track with a person; null when the person has no look. `similarity` is the cosine to the person's mean. The
   * score also counts the nearest exemplar, with the weight `identity.exemplarShare`, where that raises it.
   */
  compare(known: Known, person: PersonRecord): Comparison | null
}

/** The least number of people whose scores are computed; the cosine of what is left of the means chooses them. */
const shortlist = 16

/** See `PeopleIndex.compare`. */
export const compareWith = (
  known: Known,
  person: Pick<PersonRecord, 'known' | 'exemplars'>,
  compare: Compare,
  exemplarShare: number,
): Comparison | null => {
  if (!person.known) return null
  const whole = compare(known, person.known)
  if (exemplarShare === 0 || person.exemplars.length < 2) return whole
  let best = -1
  for (const exemplar of person.exemplars) {
    best = Math.max(best, compare(known, { mean: directionOf(exemplar), evidence: exemplar.weight }).score)
  }
  const mixed = (1 - exemplarShare) * whole.score + exemplarShare * best
  return { similarity: whole.similarity, score: Math.max(whole.score, mixed) }
}

/**
 * Starts empty. The first vector sets the length of all. `left` takes of a vector what `compare` leaves out: else poor looks are
 * looked for among other poor looks.
 */
export const createPeopleIndex = (
  compare: Compare,
  exemplarShare: number,
  left: (vector: Float32Array) => Float32Array = (vector) => vector,
): PeopleIndex => {
  const byOrder = new Map<number, PersonRecord>()
  let search: ReturnType<typeof createSearch> | null = null

  const nearest = (
    known: Known,
    count: number,
    allowed: (person: PersonRecord) => boolean,
    to: (person: PersonRecord) => Comparison | null,
  ): Match[] => {
    if (!search) return []
    const found = search.nearest(left(known.mean), Math.max(count, shortlist), (order) => {
      const person = byOrder.get(order)
      return person !== undefined && allowed(person)
    })
    return found
      .flatMap(({ key }) => {
        const person = byOrder.get(key)
        const comparison = person && to(person)
        return comparison ? [{ person, ...comparison }] : []
      })
      .sort((a, b) => b.score - a.score || a.person.order - b.person.order)
      .slice(0, count)
  }
  const compareTo = (known: Known, person: PersonRecord): Comparison | null =>
    compareWith(known, person, compare, exemplarShare)

  return {
    put(person) {
      byOrder.set(person.order, person)
      if (person.known) {
        search ??= createSearch(person.known.mean.length)
        search.set(person.order, left(person.known.mean))
      } else search?.delete(person.order)
    },
    remove(person) {
      byOrder.delete(person.order)
      search?.delete(person.order)
    },
    nearest: (known, count, allowed) => nearest(known, count, allowed, (person) => compareTo(known, person)),
    nearestTo({ known }, count, allowed) {
      if (!known) return []
      return nearest(known, count, allowed, (other) => other.known && compare(known, other.known))
    },
    compare: compareTo,
  }
}
