import { assign } from '../math/assignment.ts'
import type { Judged } from './identity-scores.ts'
import type { TrackedFrame } from './tracking-table.ts'

/** Every true face under the ID whose box is the most similar one, at least `threshold`; time is the frame's place. */
export const matchedFaces = (frames: readonly TrackedFrame[], threshold = 0.5): Judged[] =>
  frames.flatMap(({ truths, predictions, similarity }, atMs) => {
    const cost = similarity.map((value) => (value < threshold ? 0 : -value))
    const columns = assign(cost, truths.length, predictions.length, 0)
    return truths.map((truth, i): Judged => {
      const id = predictions[columns[i] ?? -1] ?? null
      return { truth, id, alone: truth, atMs, live: id !== null }
    })
  })
