import { type ClearScores, scoreClear } from './clear-mot.ts'
import { type HotaScores, scoreHota } from './hota.ts'
import { type IdentityScores, scoreIdentity } from './identity-f1.ts'
import { type TrackedFrame, tableOf } from './tracking-table.ts'

/** All tracking scores of one comparison, with the counts behind them. */
export interface TrackingScores extends IdentityScores, HotaScores, ClearScores {
  readonly frames: number
  readonly truths: number
  readonly predictions: number
  readonly people: number
  readonly ids: number
}

/** IDF1, HOTA and CLEAR MOT of the same frames. They have to be in the order of time. */
export const scoreTracking = (frames: readonly TrackedFrame[]): TrackingScores => {
  const table = tableOf(frames)
  return {
    frames: frames.length,
    truths: table.truthTotal,
    predictions: table.predictionTotal,
    people: table.truthCounts.length,
    ids: table.predictionCounts.length,
    ...scoreIdentity(table),
    ...scoreHota(table),
    ...scoreClear(table),
  }
}
