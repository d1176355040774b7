import { dot, unit } from '../../math/vector.ts'
import type { Exemplar } from '../state/state.ts'
import type { Compare, Known } from './evidence.ts'

/**
 * Most directions a person is known by. Each stands for what its tracks have in common (a pose, a light, a beard), so
 * they are as different as the person has been seen.
 */
const mostExemplars = 8

/** Most evidence in one of them, so that whoever changes slowly stays recognised: the past weighs no more than this. */
export const mostEvidence = 8

const directions = new WeakMap<Exemplar, Float32Array>()

/** Unit length; worked out once. */
export const directionOf = (exemplar: Exemplar): Float32Array => {
  const known = directions.get(exemplar)
  if (known) return known
  const direction = unit(exemplar.sum) ?? Float32Array.from(exemplar.sum)
  directions.set(exemplar, direction)
  return direction
}

/** The two as one, with no more evidence than `mostEvidence`. */
export const combined = (a: Exemplar, b: Exemplar): Exemplar => {
  const weight = Math.min(a.weight + b.weight, mostEvidence)
  const share = weight / (a.weight + b.weight)
  return { sum: a.sum.map((value, i) => share * (value + (b.sum[i] ?? 0))), weight }
}

/** Adds one; when there are too many, the two most alike become one. Returns a new list. */
export const withExemplar = (exemplars: readonly Exemplar[], added: Exemplar): Exemplar[] => {
  const all = [...exemplars, added]
  while (all.length > mostExemplars) {
    let [first, second, best] = [0, 1, -Infinity]
    for (let i = 0; i < all.length; i++)
      for (let j = i + 1; j < all.length; j++) {
        const alike = dot(directionOf(all[i] as Exemplar), directionOf(all[j] as Exemplar))
        if (alike > best) [first, second, best] = [i, j, alike]
      }
    const [a, b] = [all[first] as Exemplar, all[second] as Exemplar]
    all.splice(second, 1)
    all[first] = combined(a, b)
  }
  return all
}

/** Their common direction and evidence; null when there is none. */
export const knownBy = (exemplars: Iterable<Exemplar>): Known | null => {
  let sum: Float64Array | null = null
  let evidence = 0
  for (const exemplar of exemplars) {
    sum ??= new Float64Array(exemplar.sum.length)
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (exemplar.sum[i] ?? 0)
    evidence += exemplar.weight
  }
  const mean = sum && unit(sum)
  return mean && { mean, evidence }
}

/**
 * The share of looks, 0–1, that they agree on and show clearly: the length of their sum over their weight. The mean cosine between the
 * looks of two people is the cosine of their means times both shares.
 */
export const agreementOf = (looks: Iterable<Exemplar>): number => {
  const all = [...looks]
  const weight = all.reduce((sum, look) => sum + look.weight, 0)
  const mean = knownBy(all)?.mean
  return mean ? Math.min(1, all.reduce((sum, look) => sum + dot(mean, look.sum), 0) / weight) : 0
}

/** The share of an exemplar, 0–1, that its looks agree on and show clearly: the length of its sum over its weight. */
const clarityOf = ({ sum, weight }: Exemplar): number => Math.min(1, Math.sqrt(dot(sum, sum)) / weight)

/** Evidence of one look, at most: one that is seen again and again shows no more of who it is than a single track. */
const mostOfLook = 1

const lookOf = (exemplar: Exemplar): Known => ({
  mean: directionOf(exemplar),
  evidence: Math.min(exemplar.weight, mostOfLook) * clarityOf(exemplar),
})

/** Evidence of several exemplars as far as they are different, clear looks, in tracks of full evidence. */
export const evidenceOfLooks = (exemplars: readonly Exemplar[]): number =>
  exemplars.reduce((sum, exemplar) => sum + lookOf(exemplar).evidence, 0)

/** The score of the two most similar exemplars, one of each group: single linkage. −1 when a group is empty. */
export const nearestLooks = (a: readonly Exemplar[], b: readonly Exemplar[], compare: Compare): number => {
  let best = -1
  for (const one of a.map(lookOf)) for (const other of b.map(lookOf)) best = Math.max(best, compare(one, other).score)
  return best
}

/**
 * The two groups that are least alike: 2-means on the sphere (I. S. Dhillon, D. S. Modha, "Concept decompositions for
 * large sparse text data using clustering", Machine Learning 42 (2001)), begun at the two most different. The first
 * group is the one with more evidence. Null for fewer than two.
 */
export const divide = <T extends Exemplar>(parts: readonly T[]): readonly [T[], T[]] | null => {
  if (parts.length < 2) return null
  let [first, second, least] = [0, 1, Infinity]
  const units = parts.map(directionOf)
  for (let i = 0; i < parts.length; i++)
    for (let j = i + 1; j < parts.length; j++) {
      const alike = dot(units[i] as Float32Array, units[j] as Float32Array)
      if (alike < least) [first, second, least] = [i, j, alike]
    }
  let centres: [ArrayLike<number>, ArrayLike<number>] = [units[first] as Float32Array, units[second] as Float32Array]
  let groups: [T[], T[]] = [[], []]
  let inSecond: readonly boolean[] = []
  for (let round = 0; round < 8; round++) {
    const [one, other] = centres
    const next = units.map(
      (direction, i) => i === second || (i !== first && dot(direction, other) > dot(direction, one)),
    )
    // Nothing moves any more: further rounds would give the same.
    if (next.every((is, i) => is === inSecond[i])) break
    inSecond = next
    groups = [parts.filter((_, i) => !next[i]), parts.filter((_, i) => next[i])]
    centres = groups.map((group, k) => knownBy(group)?.mean ?? centres[k]) as [Float32Array, Float32Array]
  }
  const evidence = (group: readonly T[]): number => group.reduce((sum, { weight }) => sum + weight, 0)
  return evidence(groups[1]) > evidence(groups[0]) ? [groups[1], groups[0]] : groups
}
