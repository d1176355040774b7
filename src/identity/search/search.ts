import { createRows, type Rows } from './rows.ts'
import { createTopList, type Neighbour } from './top-list.ts'

export type { Neighbour } from './top-list.ts'

/**
 * Finds the nearest of many unit vectors. The same calls give the same answers to the bit, on every machine. Memory
 * doubles when it is full and is never given back.
 */
export interface Search {
  readonly size: number
  /** Adds or replaces a copy of `vector` under `key`, a whole number. Throws RangeError for another length. */
  set(key: number, vector: Float32Array): void
  delete(key: number): void
  /** The `count` most similar vectors whose keys are allowed, best first; of equals the lower key comes first. */
  nearest(query: Float32Array, count: number, allowed: (key: number) => boolean): Neighbour[]
}

/** Where the search stops being exact. */
export interface SearchOptions {
  /** Up to this many vectors all are compared. Beyond it, sketches choose candidates. It defaults to 10,000. */
  readonly exactUpTo?: number
}

/** Share of the vectors that become candidates; more when many are not allowed. */
const candidateShare = 0.0016
const leastCandidates = 160

/** Compares all vectors: about 15 ns each. */
const exact = (rows: Rows, count: number, allowed: (key: number) => boolean): Neighbour[] => {
  const top = createTopList(count)
  const similarities = rows.similarities()
  for (let row = 0; row < similarities.length; row++) {
    const similarity = similarities[row] as number
    if (similarity < top.least()) continue
    const key = rows.keyAt(row)
    if (top.takes(key, similarity) && allowed(key)) top.offer(key, similarity)
  }
  return top.best
}

/** Compares the vectors with the `wanted` most similar sketches; null when fewer than `least` of them are allowed. */
const bySketch = (
  rows: Rows,
  count: number,
  allowed: (key: number) => boolean,
  { wanted, least }: { readonly wanted: number; readonly least: number },
): Neighbour[] | null => {
  const keys: number[] = []
  const chosen: number[] = []
  for (const row of rows.alike(wanted)) {
    const key = rows.keyAt(row)
    if (!allowed(key)) continue
    keys.push(key)
    chosen.push(row)
  }
  if (chosen.length < least) return null
  const top = createTopList(count)
  const similarities = rows.similaritiesAt(chosen)
  for (let i = 0; i < keys.length; i++) {
    const [key, similarity] = [keys[i] as number, similarities[i] as number]
    if (top.takes(key, similarity)) top.offer(key, similarity)
  }
  return top.best
}

/**
 * Searches vectors of `dimensions` numbers, 128 typically. It scans with SIMD: exactly up to `exactUpTo` vectors, beyond
 * that among candidates that sketches choose. docs/decisions/0010-scan-instead-of-a-graph.md says why it is no graph.
 */
export const createSearch = (dimensions: number, { exactUpTo = 10_000 }: SearchOptions = {}): Search => {
  const rows = createRows(dimensions)
  return {
    get size() {
      return rows.size
    },
    set: (key, vector) => rows.set(key, vector),
    delete: (key) => rows.delete(key),
    nearest(query, count, allowed) {
      if (count < 1 || rows.size === 0) return []
      rows.setQuery(query)
      if (rows.size <= exactUpTo) return exact(rows, count, allowed)
      // Tries again with four times the candidates while too few are allowed. Compares all when half would be
      // candidates.
      const enough = Math.max(leastCandidates, 8 * count, Math.ceil(candidateShare * rows.size))
      for (let wanted = enough; wanted < rows.size / 2; wanted *= 4) {
        const found = bySketch(rows, count, allowed, { wanted, least: enough / 2 })
        if (found) return found
      }
      return exact(rows, count, allowed)
    },
  }
}
