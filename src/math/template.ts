import { dot, unit } from './vector.ts'

/** What is known about one face, as a weighted sum of its unit embeddings. Biometric data. */
export interface Template {
  readonly sum: Float64Array
  /** Sum of the weights: the evidence. */
  readonly weight: number
  /** The number of embeddings in it. */
  readonly faces: number
  /** The sum, scaled to unit length. */
  readonly mean: Float32Array
}

/** Adds an embedding of unit length to a template, or begins one with it. The given template is not changed. */
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

/** Cosine between a template's mean and an embedding of unit length, −1 to 1. */
export const agreement = (template: Template, embedding: Float32Array): number => dot(template.mean, embedding)

/**
 * The weight of an embedding in a template: its quality (0–1) squared. The noise of an embedding falls about linearly
 * with quality, and a mean is best when each part weighs the inverse of its variance.
 */
export const weightOf = (quality: number): number => quality * quality
