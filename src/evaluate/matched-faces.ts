import { assign } from '../math/assignment.ts'
import type { Judged } from './identity-scores.ts'
import type { TrackedFrame } from './tracking-table.ts'

/**
 * Gives every true face the ID of the box that matches it best, at a similarity of `threshold` or more. `atMs` is the
 * frame's index.
 */
export const matchedFaces = (frames: readonly TrackedFrame[], threshold = 0.5): Judged[] =>
  frames.flatMap(({ truths, predictions, similarity }, atMs) => {
    const cost = similarity.map((value) => (value < threshold ? 0 : -value))
    const columns = assign(cost, truths.length, predictions.length, 0)
    return truths.map((truth, i): Judged => {
      const id = predictions[columns[i] ?? -1] ?? null
      return { truth, id, alone: truth, atMs, live: id !== null }
    })
  })
