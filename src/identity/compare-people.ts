import type { Comparison } from '../types.ts'
import type { Compare, Known } from './evidence.ts'
import { directionOf } from './exemplars.ts'
import type { PersonRecord } from './person-record.ts'

/** Two people as wholes and by the two of their looks that are most alike. */
export interface PeopleCompared {
  readonly whole: Comparison
  readonly looks: Comparison
}

const looksOf = ({ exemplars, contributions }: PersonRecord): Known[] =>
  [...exemplars, ...contributions.values()].map((exemplar) => ({
    mean: directionOf(exemplar),
    evidence: exemplar.weight,
  }))

/** Null when nothing is known of one of them. */
export const comparePeople = (a: PersonRecord, b: PersonRecord, compare: Compare): PeopleCompared | null => {
  if (!a.known || !b.known) return null
  const others = looksOf(b)
  const pairs = looksOf(a).flatMap((one) => others.map((other) => compare(one, other)))
  const whole = compare(a.known, b.known)
  return { whole, looks: pairs.reduce((best, pair) => (pair.similarity > best.similarity ? pair : best), whole) }
}
