import type { Comparison } from '../../events/types.ts'
import type { Compare, Known } from './evidence.ts'
import { directionOf } from './exemplars.ts'
import type { PersonRecord } from './person-record.ts'

/** How alike two people are. */
export interface PeopleCompared {
  /** Of their means. */
  readonly whole: Comparison
  /** Of their two most similar looks: exemplars or contributions. */
  readonly looks: Comparison
}

const looksOf = ({ exemplars, contributions }: PersonRecord): Known[] =>
  [...exemplars, ...contributions.values()].map((exemplar) => ({
    mean: directionOf(exemplar),
    evidence: exemplar.weight,
  }))

/** Compares means, and all pairs of looks. Null when one of them has no look. */
export const comparePeople = (a: PersonRecord, b: PersonRecord, compare: Compare): PeopleCompared | null => {
  if (!a.known || !b.known) return null
  const others = looksOf(b)
  const pairs = looksOf(a).flatMap((one) => others.map((other) => compare(one, other)))
  const whole = compare(a.known, b.known)
  return { whole, looks: pairs.reduce((best, pair) => (pair.similarity > best.similarity ? pair : best), whole) }
}
