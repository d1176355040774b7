import { dot } from '../math/vector.ts'
import type { Comparison } from '../types.ts'

/** What is known of a track or a person: a direction of unit length and how much evidence is behind it. */
export interface Known {
  readonly mean: Float32Array
  /** In tracks of full evidence: see `evidenceOf`. */
  readonly evidence: number
}

/** Squared qualities of one track at which it carries half the evidence that any track can. */
const halfWeight = 0.6

/** Evidence whose mean is as far from the person's true direction as the direction is long. */
const noise = 0.15

/** Below this the correction would make a match of anything: a face that bad says too little. */
const leastReliability = 0.3

/**
 * The evidence of one track, 0–1, from its summed squared qualities. Faces of one track share light, angle and
 * expression, so that more of them do not make its mean exact: measured on tracks of 1 … 99 faces, the variance of a
 * track's mean about its person is 0.28 + 0.17/weight, and a mean of means is best weighed by the inverse of that.
 */
export const evidenceOf = (weight: number): number => weight / (weight + halfWeight)

const reliability = (evidence: number): number => Math.max(leastReliability, evidence / (evidence + noise))

/** An affine map of a model's cosines onto the scale on which the thresholds were chosen. */
export interface Scale {
  readonly scale: number
  readonly offset: number
}

export type Compare = (a: Known, b: Known) => Comparison

/**
 * Compares two directions. `similarity` is their cosine. The score is what the cosine would be without the noise of the
 * two means:
 *
 *   score = (offset + scale · cosine) / √(reliability(a) · reliability(b))
 *   reliability = max(0.3, evidence / (evidence + 0.15))
 *
 * This is the correction for attenuation of C. Spearman, "The proof and measurement of association between two things",
 * Am. J. Psychol. 15 (1904). `scale` and `offset` are the model's (1 and 0 for the reference). One threshold then fits
 * single faces and well known people. A score may exceed 1: two single faces of one person have about 1.1, and
 * 1 / 0.3 is the most on the reference's scale.
 */
export const comparisonOn =
  ({ scale, offset }: Scale): Compare =>
  (a, b) => {
    const similarity = dot(a.mean, b.mean)
    const score = (offset + scale * similarity) / Math.sqrt(reliability(a.evidence) * reliability(b.evidence))
    return { similarity, score }
  }
