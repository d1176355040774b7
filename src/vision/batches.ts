import type { Provider } from './session.ts'

/**
 * Whole batches on a GPU, where a bigger batch costs little more; single items on a CPU, where it costs in proportion.
 */
const onGpu = [1, 2, 4, 8, 16] as const

/**
 * The batch sizes to use, rising. On a CPU one item a run is as fast, wastes nothing on padding, lets the event loop
 * breathe in between, and makes a result independent of what else was in the batch, to the last bit.
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

/** One run of the model: items `from` to `from + count − 1`, padded to `size`. */
export interface Chunk {
  readonly from: number
  readonly count: number
  readonly size: number
}

/** Splits `items` into runs: as many of the largest size as fill up, then the smallest that takes the rest. */
export const chunksOf = (items: number, sizes: readonly number[]): Chunk[] => {
  const largest = sizes.at(-1) ?? 1
  const chunks: Chunk[] = []
  for (let from = 0; from < items; from += largest) {
    const count = Math.min(largest, items - from)
    chunks.push({ from, count, size: sizes.find((size) => size >= count) ?? largest })
  }
  return chunks
}
