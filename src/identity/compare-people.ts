import { dot } from '../math/vector.ts'
import type { Known, Similarity } from './evidence.ts'
import { directionOf } from './exemplars.ts'
import type { PersonRecord } from './people.ts'

/** How alike two are. */
interface Likeness {
  /** Cosine, −1 to 1. */
  readonly similarity: number
  /** What the engine holds against its thresholds: the cosine corrected for how much is known of both. */
  readonly score: number
}

/** Two people as wholes and by the two of their looks that are most alike. */
export interface PeopleCompared {
  readonly whole: Likeness
  readonly looks: Likeness
}

const looksOf = ({ exemplars, contributions }: PersonRecord): Known[] =>
  [...exemplars, ...contributions.values()].map((exemplar) => ({
    mean: directionOf(exemplar),
    evidence: exemplar.weight,
  }))

/** Null when nothing is known of one of them. */
export const comparePeople = (a: PersonRecord, b: PersonRecord, scoreOf: Similarity): PeopleCompared | null => {
  if (!a.known || !b.known) return null
  const compare = (one: Known, other: Known): Likeness => ({
    similarity: dot(one.mean, other.mean),
    score: scoreOf(one, other),
  })
  const others = looksOf(b)
  const pairs = looksOf(a).flatMap((one) => others.map((other) => compare(one, other)))
  const whole = compare(a.known, b.known)
  return { whole, looks: pairs.reduce((best, pair) => (pair.similarity > best.similarity ? pair : best), whole) }
}
