import { RollcallError } from '../errors.ts'
import type { StoredEmbedder } from '../identity/store/problems.ts'

const modelOf = ({ name, sha256 }: StoredEmbedder): string => `${name} (${sha256.slice(0, 12)}…)`

/** Throws STATE for embeddings of another model than `own`, and USAGE for those of another length. */
export const checkModel = (
  own: StoredEmbedder,
  given: StoredEmbedder,
  vectors: readonly (readonly number[])[],
  what: string,
): void => {
  if (vectors.length === 0) return
  if (given.sha256 !== own.sha256)
    throw new RollcallError(
      'STATE',
      `${what}: its embeddings come from ${modelOf(given)}, the people here from ${modelOf(own)}; they cannot be compared`,
      { remedy: 'Use the same model on both sides, or enroll from pictures.' },
    )
  const odd = vectors.find((vector) => vector.length !== own.dimensions)
  if (odd)
    throw new RollcallError('USAGE', `${what}: an embedding has ${odd.length} numbers, expected ${own.dimensions}`, {
      remedy: 'Take embeddings as the model gives them.',
    })
}

/** As `checkModel`, for faces whose embeddings must have the length 1. */
export const checkLooks = (
  own: StoredEmbedder,
  given: StoredEmbedder,
  faces: readonly { readonly embedding: readonly number[] }[],
  what: string,
): void => {
  const vectors = faces.map(({ embedding }) => embedding)
  checkModel(own, given, vectors, what)
  const odd = vectors.findIndex((vector) => !(Math.abs(Math.hypot(...vector) - 1) < 0.01))
  if (odd >= 0)
    throw new RollcallError('USAGE', `faces.${odd}.embedding: expected unit length`, {
      remedy: 'Scale each embedding to length 1.',
    })
}
