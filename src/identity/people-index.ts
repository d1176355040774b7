import type { Candidate, Comparison } from '../types.ts'
import type { Compare, Known } from './evidence.ts'
import { directionOf } from './exemplars.ts'
import type { PersonRecord } from './person-record.ts'
import { createSearch } from './search/search.ts'

export interface Match extends Comparison {
  readonly person: PersonRecord
}

/** The match as events tell it. */
export const candidateOf = ({ person, similarity, score }: Match): Candidate => ({
  person: person.id,
  similarity,
  score,
})

/** Finds people by what they look like. */
export interface PeopleIndex {
  /** The person has come or looks different now. */
  put(person: PersonRecord): void
  remove(person: PersonRecord): void
  /**
   * The `count` people that a track matches best, of those that are allowed, by score; equals in the order of creation.
   * It may be like one of the looks of a person.
   */
  nearest(known: Known, count: number, allowed: (person: PersonRecord) => boolean): Match[]
  /** The same for a person, who must be like the whole of another. */
  nearestTo(person: PersonRecord, count: number, allowed: (person: PersonRecord) => boolean): Match[]
  /**
   * Compares a track with a person; null when nothing is known of the person. `similarity` is the cosine to the whole of
   * the person; the score counts the nearest of its looks too (`identity.exemplarShare`).
   */
  compare(known: Known, person: PersonRecord): Comparison | null
}

/** Candidates for which the exact similarity is worked out. */
const shortlist = 16

/** With the whole of the person and, with a share, the one of its exemplars that is most like the track. */
const compareWith = (
  known: Known,
  person: PersonRecord,
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

/** Starts empty; takes the length of the vectors from the first. */
export const createPeopleIndex = (compare: Compare, exemplarShare: number): PeopleIndex => {
  const byOrder = new Map<number, PersonRecord>()
  let search: ReturnType<typeof createSearch> | null = null

  const nearest = (
    known: Known,
    count: number,
    allowed: (person: PersonRecord) => boolean,
    to: (person: PersonRecord) => Comparison | null,
  ): Match[] => {
    if (!search) return []
    const found = search.nearest(known.mean, Math.max(count, shortlist), (order) => {
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
        search.set(person.order, person.known.mean)
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
