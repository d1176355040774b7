import { assign } from '../math/assignment.ts'
import { epsilon, type TrackingTable } from './tracking-table.ts'

/** IDF1 and its counts: faces whose ID is that of their person's match (IDTP), and those where it is not. */
export interface IdentityScores {
  readonly idtp: number
  readonly idfp: number
  readonly idfn: number
  /** 2·IDTP / (truths + predictions). */
  readonly idf1: number
}

/**
 * Matches people and IDs one to one so that IDTP is greatest. `together` is row-major, people · ids: the faces that
 * each person has under each ID.
 */
export const identityF1 = (
  together: Float64Array,
  people: number,
  ids: number,
  truthTotal: number,
  predictionTotal: number,
): IdentityScores => {
  const cost = together.map((count) => -count)
  const idtp = assign(cost, people, ids, 0).reduce((sum, j, i) => sum + (j < 0 ? 0 : (together[i * ids + j] ?? 0)), 0)
  return {
    idtp,
    idfp: predictionTotal - idtp,
    idfn: truthTotal - idtp,
    idf1: (2 * idtp) / Math.max(1, truthTotal + predictionTotal),
  }
}

/** E. Ristani et al., "Performance Measures and a Data Set for Multi-Target, Multi-Camera Tracking" (2016). */
export const scoreIdentity = (table: TrackingTable, threshold = 0.5): IdentityScores => {
  const columns = table.predictionCounts.length
  const together = new Float64Array(table.truthCounts.length * columns)
  for (const { truths, predictions, similarity } of table.frames)
    for (const [at, value] of similarity.entries()) {
      if (value < threshold - epsilon) continue
      const truth = truths[Math.floor(at / predictions.length)] ?? 0
      const pair = truth * columns + (predictions[at % predictions.length] ?? 0)
      together[pair] = (together[pair] ?? 0) + 1
    }
  return identityF1(together, table.truthCounts.length, columns, table.truthTotal, table.predictionTotal)
}
