import { dot, unit } from './vector.ts'

/** What is known about one face: a weighted sum of unit embeddings. */
export interface Template {
  readonly sum: Float64Array
  /** Sum of the weights: how much evidence there is. */
  readonly weight: number
  /** Embeddings in it. */
  readonly faces: number
  /** Direction of the sum, unit length. */
  readonly mean: Float32Array
}

/** A template of one embedding, or `template` with one more. The given template is not changed. */
export const withFace = (template: Template | null, embedding: Float32Array, weight: number): Template => {
  const sum = template ? Float64Array.from(template.sum) : new Float64Array(embedding.length)
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + weight * (embedding[i] ?? 0)
  return {
    sum,
    weight: (template?.weight ?? 0) + weight,
    faces: (template?.faces ?? 0) + 1,
    mean: unit(sum) ?? template?.mean ?? embedding,
  }
}

/** Cosine between an embedding and a template. */
export const agreement = (template: Template, embedding: Float32Array): number => dot(template.mean, embedding)

/**
 * How far an embedding can be trusted, squared: the noise of an embedding falls about linearly with quality, and a mean
 * is best when each part weighs the inverse of its variance.
 */
export const weightOf = (quality: number): number => quality * quality
