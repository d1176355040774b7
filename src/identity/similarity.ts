import { dot } from './vector.ts'

/** A direction and how much evidence stands behind it. */
export interface Evidence {
  /** Unit length. */
  readonly mean: Float32Array
  readonly weight: number
}

/**
 * Less reliable than this nothing counts as. Blur makes different faces alike, so poor embeddings must not be blown up into
 * a match; on simulated people a lower floor gains nothing.
 */
const leastReliability = 0.7

/** The share of a mean's squared length that is the face and not noise: 1 when there is endless evidence. */
export const reliability = (weight: number, noise: number): number =>
  Math.min(1, Math.max(leastReliability, weight / (weight + noise)))

/**
 * The cosine that two faces would have with endless evidence of both (Spearman's correction for attenuation, 1904), so
 * that one threshold fits single faces and mature templates alike.
 */
export const similarity = (a: Evidence, b: Evidence, noise: number): number => {
  const correction = Math.sqrt(reliability(a.weight, noise) * reliability(b.weight, noise))
  return Math.max(-1, Math.min(1, dot(a.mean, b.mean) / correction))
}
