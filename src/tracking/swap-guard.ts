import { agreement, type Template, weightOf, withFace } from '../math/template.ts'
import { dot } from '../math/vector.ts'

/** What the guard knows about a track. */
export interface Guarded {
  readonly template: Template | null
  /** The last good embedding, when it disagreed with the template. */
  readonly doubt: { readonly embedding: Float32Array; readonly weight: number } | null
}

export const unguarded: Guarded = { template: null, doubt: null }

export interface GuardLimits {
  /** Below this cosine to the track's template a good embedding disagrees. */
  readonly splitSimilarity: number
  /** From this cosine on two embeddings agree with each other. */
  readonly agreeSimilarity: number
  /** Embeddings of lower quality neither accuse nor acquit. */
  readonly minQuality: number
}

/**
 * Watches a track for a swap of people: two good embeddings in a row that disagree with the track's template and agree
 * with each other. One alone may be a hand, a profile or blur; two that agree are somebody else. Tracker swaps were the
 * largest source of errors on simulated people, and at association time no embedding exists yet that could prevent them.
 *
 * Returns the track's new state and, when somebody else has taken the track over, `split: true` with that person's state.
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
