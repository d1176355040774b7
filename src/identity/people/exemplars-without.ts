import { dot } from '../../math/vector.ts'
import type { Exemplar } from '../state/state.ts'
import { combined, directionOf, mostEvidence, withExemplar } from './exemplars.ts'

/** Looks of whom `off` is taken: `stay` are those of the others that are kept. Returns a new list. */
export type Without = (
  exemplars: readonly Exemplar[],
  off: readonly Exemplar[],
  stay: readonly Exemplar[],
) => readonly Exemplar[]

/** Less evidence than any track has: what subtracting leaves of rounding, or of an exemplar that lost all it was. */
const leastEvidence = 0.05

/** Exact where all that the exemplars are made of is kept: they are made anew of what stays. */
export const remade: Without = (_, __, stay) => stay.reduce<readonly Exemplar[]>(withExemplar, [])

/**
 * Where not everything is kept: each look is subtracted from the exemplar that is most like it. That is exact for one
 * that has never reached `mostEvidence`, and that the look did go into. Of one that has, or that loses all its evidence,
 * what is left is what stays and was most like it.
 */
export const lessened: Without = (exemplars, off, stay) => {
  const [gone, kept] = [groupedByLikeness(exemplars, off), groupedByLikeness(exemplars, stay)]
  return exemplars.flatMap((exemplar) => {
    const looks = gone.get(exemplar) ?? []
    const [first, ...others] = kept.get(exemplar) ?? []
    if (looks.length === 0) return exemplar
    const isBounded = exemplar.weight > mostEvidence - leastEvidence
    const left = isBounded && first ? null : looks.reduce<Exemplar | null>(subtracted, exemplar)
    if (left) return left
    return first ? others.reduce(combined, first) : []
  })
}

/** For each exemplar the looks that are most like it. */
const groupedByLikeness = (exemplars: readonly Exemplar[], looks: readonly Exemplar[]): Map<Exemplar, Exemplar[]> => {
  const groups = new Map<Exemplar, Exemplar[]>(exemplars.map((one) => [one, []]))
  for (const look of looks) {
    let [best, most] = [exemplars[0], -Infinity]
    for (const one of exemplars) {
      const alike = dot(directionOf(one), directionOf(look))
      if (alike > most) [best, most] = [one, alike]
    }
    if (best) groups.get(best)?.push(look)
  }
  return groups
}

/** Null: (nearly) nothing is left. A sum is never longer than its weight. */
const subtracted = (from: Exemplar | null, look: Exemplar): Exemplar | null => {
  if (!from) return null
  const weight = from.weight - look.weight
  if (weight < leastEvidence) return null
  const sum = from.sum.map((value, i) => value - (look.sum[i] ?? 0))
  const length = Math.sqrt(dot(sum, sum))
  return { sum: length > weight ? sum.map((value) => (value * weight) / length) : sum, weight }
}
