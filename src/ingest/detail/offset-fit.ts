/** By how much one time line is ahead of another, and how sure that is. */
export interface Offset {
  readonly offsetMs: number
  /** The truth is at most this far from `offsetMs`. */
  readonly slackMs: number
}

/** What is measured between two time lines, sample by sample. */
export interface OffsetFit {
  add(offsetMs: number): void
  /** The median of the samples that agree; what was assumed until there are enough. */
  offset(): Offset
}

/** Samples that count; older ones are forgotten, because clocks drift. */
const KEPT = 9
/** Fewer say nothing: one picture may look like a wrong moment by chance. */
const LEAST = 2
/** Samples this near to each other agree: two frames of a stream of twelve a second. */
const NEAR_MS = 160

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number

/** `assumed` holds until two samples agree on something else. */
export const createOffsetFit = (assumed: Offset): OffsetFit => {
  const samples: number[] = []
  return {
    add: (offsetMs) => {
      samples.push(offsetMs)
      if (samples.length > KEPT) samples.shift()
    },
    offset: () => {
      if (samples.length < LEAST) return assumed
      const middle = median(samples)
      const near = samples.filter((sample) => Math.abs(sample - middle) <= NEAR_MS)
      if (near.length < LEAST || near.length * 2 <= samples.length) return assumed
      const spread = Math.max(...near.map((sample) => Math.abs(sample - middle)))
      return { offsetMs: middle, slackMs: Math.min(NEAR_MS, Math.max(60, spread)) }
    },
  }
}
