import { dot } from './vector.ts'

export interface Search {
  /** Adds or replaces. */
  set(key: number, vector: Float32Array): void
  delete(key: number): void
  /** Best first; equals by lower key. */
  nearest(
    query: Float32Array,
    count: number,
    allowed: (key: number) => boolean,
  ): { readonly key: number; readonly similarity: number }[]
  readonly size: number
}

export const createSearch = (_dimensions: number): Search => {
  const vectors = new Map<number, Float32Array>()
  return {
    set: (key, vector) => void vectors.set(key, vector),
    delete: (key) => void vectors.delete(key),
    nearest(query, count, allowed) {
      const best: { key: number; similarity: number }[] = []
      for (const [key, vector] of vectors) {
        const similarity = dot(query, vector)
        if (best.length === count && similarity < (best.at(-1)?.similarity ?? 1)) continue
        if (!allowed(key)) continue
        let place = best.length
        const before = (at: number): boolean => {
          const other = best[at - 1]
          return !other || other.similarity > similarity || (other.similarity === similarity && other.key < key)
        }
        while (place > 0 && !before(place)) place--
        best.splice(place, 0, { key, similarity })
        best.length = Math.min(best.length, count)
      }
      return best
    },
    get size() {
      return vectors.size
    },
  }
}
