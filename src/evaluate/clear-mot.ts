import { assign } from '../math/assignment.ts'
import { epsilon, type TrackingTable } from './tracking-table.ts'

/** CLEAR MOT scores, over all frames. */
export interface ClearScores {
  /**
   * 1 − (missed + false positives + switches) / truths. It may be negative. Switches hardly change it: see IDF1 and
   * AssA.
   */
  readonly mota: number
  /** Mean similarity (IoU) of the matches. */
  readonly motp: number
  readonly falsePositives: number
  readonly missed: number
  /** How often a person is matched to another ID than the last one, however long ago that was. */
  readonly idSwitches: number
}

/** Worth more than any similarity: a match of the frame before is continued (Bernardin and Stiefelhagen). */
const continuity = 1000

/**
 * K. Bernardin, R. Stiefelhagen, "Evaluating Multiple Object Tracking Performance: The CLEAR MOT Metrics" (2008), with
 * the matching of TrackEval: as many continued matches as can be, then the most similar.
 */
export const scoreClear = (table: TrackingTable, threshold = 0.5): ClearScores => {
  let before = new Map<number, number>()
  const last = new Map<number, number>()
  let [matches, similar, idSwitches] = [0, 0, 0]
  for (const { truths, predictions, similarity } of table.frames) {
    const width = predictions.length
    const cost = similarity.map((value, at) => {
      if (value < threshold - epsilon) return 0
      const continues = before.get(truths[Math.floor(at / width)] ?? -1) === predictions[at % width]
      return -value - (continues ? continuity : 0)
    })
    const now = new Map<number, number>()
    for (const [i, j] of assign(cost, truths.length, width, 0).entries()) {
      const [truth, prediction] = [truths[i], predictions[j]]
      if (j < 0 || truth === undefined || prediction === undefined) continue
      matches++
      similar += similarity[i * width + j] ?? 0
      if ((last.get(truth) ?? prediction) !== prediction) idSwitches++
      last.set(truth, prediction)
      now.set(truth, prediction)
    }
    before = now
  }
  const missed = table.truthTotal - matches
  const falsePositives = table.predictionTotal - matches
  return {
    mota: 1 - (missed + falsePositives + idSwitches) / Math.max(1, table.truthTotal),
    motp: similar / Math.max(1, matches),
    falsePositives,
    missed,
    idSwitches,
  }
}
