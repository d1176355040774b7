import type { TrackedFrame } from '../../src/evaluate/tracking-table.ts'

/** A frame as pairs [truth, prediction]; null on one side: missed, or a false alarm. */
export type Pairs = readonly (readonly [truth: string | null, prediction: string | null])[]

/** Frames in which paired faces overlap by `similarity` and all others not at all. */
export const framesOf = (frames: readonly Pairs[], similarity = 1): TrackedFrame[] =>
  frames.map((pairs) => {
    const truths = pairs.flatMap(([truth]) => truth ?? [])
    const predictions = pairs.flatMap(([, prediction]) => prediction ?? [])
    const matrix = new Float64Array(truths.length * predictions.length)
    for (const [truth, prediction] of pairs)
      if (truth !== null && prediction !== null)
        matrix[truths.indexOf(truth) * predictions.length + predictions.indexOf(prediction)] = similarity
    return { truths, predictions, similarity: matrix }
  })

export const repeat = (count: number, pairs: Pairs): Pairs[] => Array.from({ length: count }, () => pairs)
