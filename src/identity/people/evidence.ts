import type { Comparison } from '../../events/types.ts'
import { dot, unit } from '../../math/vector.ts'

/** What is known of a track or a person. */
export interface Known {
  /** Unit length. */
  readonly mean: Float32Array
  /** In tracks of full evidence: see `evidenceOf`. */
  readonly evidence: number
}

/** The sum of squared qualities at which a track has half of the most evidence a track can have. */
const halfWeight = 0.6

/** The evidence at which the error of a mean is as long as the true direction. */
const noise = 0.15

/** The floor of reliability: below it the correction would make anything match. */
const leastReliability = 0.3

/**
 * The evidence of one track, 0–1, from its sum of squared qualities. It is bounded because faces of one track share light,
 * angle and expression: on tracks of 1 to 99 faces the variance of a track's mean about its person measured
 * 0.28 + 0.17/weight. A mean of means is best when each weighs the inverse of its variance.
 */
export const evidenceOf = (weight: number): number => weight / (weight + halfWeight)

/** The sum of squared qualities that gives this evidence, 0 to below 1: the reverse of `evidenceOf`. */
export const weightOfEvidence = (evidence: number): number => (halfWeight * evidence) / Math.max(1e-6, 1 - evidence)

const reliability = (evidence: number): number => Math.max(leastReliability, evidence / (evidence + noise))

/**
 * Maps a model's cosines onto those of the reference model, for which the thresholds were chosen: offset + scale ·
 * cosine.
 */
export interface Scale {
  readonly scale: number
  readonly offset: number
  /** The model's median cosine of two people where it was calibrated; without it no place is compared with it. */
  readonly different?: number
  /** Unit length: what the model's embeddings of poor pictures have in common, whoever they show. */
  readonly poor?: readonly number[]
}

/** The least length that counts as left of a vector without `Scale.poor`. */
const leastLeft = 0.1

/**
 * Makes the cosine of two vectors of unit length without what poor pictures have in common: that of what is left of them across
 * `poor`. `similarity`, their plain cosine, may be given. Each vector's share of `poor` is worked out once.
 */
export const cosineOn = ({ poor }: Pick<Scale, 'poor'>) => {
  const shares = new WeakMap<Float32Array, number>()
  const shareOf = (vector: Float32Array, direction: readonly number[]): number => {
    const known = shares.get(vector)
    if (known !== undefined) return known
    const share = dot(direction, vector)
    shares.set(vector, share)
    return share
  }
  return (a: Float32Array, b: Float32Array, similarity = dot(a, b)): number => {
    if (!poor) return similarity
    const [one, other] = [shareOf(a, poor), shareOf(b, poor)]
    return (similarity - one * other) / Math.max(leastLeft, Math.sqrt((1 - one * one) * (1 - other * other)))
  }
}

/**
 * Makes what is left of a vector of unit length across `poor`, at unit length: the inner product of two is their `cosineOn`.
 * The vector itself without `poor`, and where nothing is left.
 */
export const leftOn =
  ({ poor }: Pick<Scale, 'poor'>) =>
  (vector: Float32Array): Float32Array => {
    if (!poor) return vector
    const share = dot(poor, vector)
    return unit(vector.map((value, i) => value - share * (poor[i] ?? 0))) ?? vector
  }

/**
 * The shares of `Scale.poor` up to which a look is clear, and from which on it shows nobody clearly: of looks with more, every third
 * is nearest to somebody else: docs/decisions/0066-poor-by-its-embedding.md.
 */
const [clearShare, poorShare] = [0.15, 0.4]

/** Makes how clear a look is by its embedding, 0–1: 1 where nothing is known of poor pictures. Quality says it by the picture. */
export const clarityOn =
  ({ poor }: Pick<Scale, 'poor'>) =>
  (vector: Float32Array): number =>
    poor ? Math.min(1, Math.max(0, (poorShare - dot(poor, vector)) / (poorShare - clearShare))) : 1

/** Compares two directions: symmetric, deterministic. */
export type Compare = (a: Known, b: Known) => Comparison

/**
 * Makes the comparison for one model; it follows `on`, whose offset may change. `similarity` is the plain cosine, `cosine`
 * that without what poor pictures have in common (`cosineOn`). The score estimates it without the noise of the two means:
 *
 *   score = (offset + scale · cosine) / √(reliability(a) · reliability(b))
 *   reliability = max(0.3, evidence / (evidence + 0.15))
 *
 * This is the correction for attenuation of C. Spearman, "The proof and measurement of association between two things",
 * Am. J. Psychol. 15 (1904). `scale` and `offset` are the model's; the reference has 1 and 0. One threshold then fits
 * single faces and well-known people. A score may exceed 1: two single faces of one person score about 1.1, and the
 * reference model scores 1 / 0.3 at most.
 */
export const comparisonOn = (on: Scale): Compare => {
  const cosineOf = cosineOn(on)
  return (a, b) => {
    const similarity = dot(a.mean, b.mean)
    const cosine = cosineOf(a.mean, b.mean, similarity)
    const score = (on.offset + on.scale * cosine) / Math.sqrt(reliability(a.evidence) * reliability(b.evidence))
    return { similarity, score }
  }
}
