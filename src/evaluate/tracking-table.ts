/** The true and the predicted faces of one frame. `similarity` is row-major, truths · predictions, 0–1 (IoU). */
export interface TrackedFrame {
  readonly truths: readonly string[]
  readonly predictions: readonly string[]
  readonly similarity: Float64Array
}

/** All frames, with IDs as numbers from 0 in the order of appearance. */
export interface TrackingTable {
  readonly frames: readonly {
    readonly truths: readonly number[]
    readonly predictions: readonly number[]
    readonly similarity: Float64Array
  }[]
  /** Faces of each true person, and of each predicted ID. */
  readonly truthCounts: readonly number[]
  readonly predictionCounts: readonly number[]
  readonly truthTotal: number
  readonly predictionTotal: number
}

const numbering = () => {
  const numbers = new Map<string, number>()
  const counts: number[] = []
  const numberOf = (id: string): number => {
    const number = numbers.get(id) ?? numbers.size
    numbers.set(id, number)
    counts[number] = (counts[number] ?? 0) + 1
    return number
  }
  return { counts, numberOf }
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)

/** Numbers the IDs of all frames and counts their faces. */
export const tableOf = (frames: readonly TrackedFrame[]): TrackingTable => {
  const truths = numbering()
  const predictions = numbering()
  const numbered = frames.map((frame) => ({
    truths: frame.truths.map(truths.numberOf),
    predictions: frame.predictions.map(predictions.numberOf),
    similarity: frame.similarity,
  }))
  return {
    frames: numbered,
    truthCounts: truths.counts,
    predictionCounts: predictions.counts,
    truthTotal: sum(truths.counts),
    predictionTotal: sum(predictions.counts),
  }
}

/** The tolerance of comparisons, so that an IoU of exactly the threshold counts. */
export const epsilon = Number.EPSILON
