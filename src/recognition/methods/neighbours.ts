import { dot } from '../../math/vector.ts'

/** The faces that are as alike as `threshold`, a cosine, or more: of each, by its index, itself among them. Compares with all. */
export const neighboursIn =
  (embeddings: readonly ArrayLike<number>[], threshold: number) =>
  (face: number): number[] => {
    const own = embeddings[face] ?? []
    const near: number[] = []
    for (const [other, embedding] of embeddings.entries())
      if (other === face || dot(own, embedding) >= threshold) near.push(other)
    return near
  }
