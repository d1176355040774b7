import { agreement, type Template, weightOf, withFace } from '../math/template.ts'
import { dot } from '../math/vector.ts'

/** What the swap guard knows about one track. */
export interface Guarded {
  /** Mean of the track's good embeddings; null before the first. */
  readonly template: Template | null
  /** The last good embedding, when it disagreed with the template. */
  readonly doubt: { readonly embedding: Float32Array; readonly weight: number } | null
}

/** The state of a track without embeddings. */
export const unguarded: Guarded = { template: null, doubt: null }

/** When the swap guard splits a track. `TrackerOptions` has them. */
export interface GuardLimits {
  /** Below this cosine to the track's template a good embedding disagrees. */
  readonly splitSimilarity: number
  /** At this cosine or more, two embeddings agree with each other. */
  readonly agreeSimilarity: number
  /** Embeddings of lower quality (0–1) are ignored. */
  readonly minQuality: number
}

/**
 * Splits a track that another person has taken over: two good embeddings in a row disagree with the track's template
 * and agree with each other. One alone may show a hand, a profile or blur. Tracker swaps were the largest source of
 * errors on simulated people, and the association cannot prevent them, because there is no embedding yet when it is
 * made.
 *
 * Returns the track's new state. With `split: true` it is the state of the person who took over.
 */
export const guardSwap = (
  track: Guarded,
  embedding: Float32Array,
  quality: number,
  limits: GuardLimits,
): { readonly track: Guarded; readonly split: boolean } => {
  if (quality < limits.minQuality) return { track, split: false }
  const weight = weightOf(quality)
  const { template, doubt } = track
  if (!template || agreement(template, embedding) >= limits.splitSimilarity)
    return { track: { template: withFace(template, embedding, weight), doubt: null }, split: false }
  if (!doubt || dot(doubt.embedding, embedding) < limits.agreeSimilarity)
    return { track: { template, doubt: { embedding, weight } }, split: false }
  const other = withFace(withFace(null, doubt.embedding, doubt.weight), embedding, weight)
  return { track: { template: other, doubt: null }, split: true }
}
