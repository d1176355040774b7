import type { Provider } from './session.ts'

/** On a GPU a bigger batch costs little more. */
const onGpu = [1, 2, 4, 8, 16] as const

/**
 * The batch sizes to use, rising. On a GPU they are powers of two. On a CPU a batch costs in proportion to its size, so
 * each item is run alone: nothing is wasted on padding, the event loop runs in between, and a result does not depend on
 * the other items, to the last bit. `limits.fixed` is the only size that the graph allows, if any.
 */
export const batchSizesFor = (
  wanted: 'auto' | readonly number[],
  provider: Provider,
  limits: { readonly most: number; readonly fixed: number | null },
): readonly number[] => {
  if (limits.fixed !== null) return [limits.fixed]
  const sizes: readonly number[] = wanted !== 'auto' ? wanted : provider === 'cpu' ? [1] : onGpu
  const fitting = [...new Set(sizes)].filter((size) => size <= limits.most).sort((a, b) => a - b)
  return fitting.length > 0 ? fitting : [1]
}

/** One run of the model: the items `from` to `from + count − 1`, padded to `size`. */
export interface Chunk {
  readonly from: number
  readonly count: number
  readonly size: number
}

/**
 * Divides `items` into runs: as many of the largest size as can be filled, then the smallest size that takes the rest.
 */
export const chunksOf = (items: number, sizes: readonly number[]): Chunk[] => {
  const largest = sizes.at(-1) ?? 1
  const chunks: Chunk[] = []
  for (let from = 0; from < items; from += largest) {
    const count = Math.min(largest, items - from)
    chunks.push({ from, count, size: sizes.find((size) => size >= count) ?? largest })
  }
  return chunks
}
