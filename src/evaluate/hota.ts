import { assign } from '../math/assignment.ts'
import { mean } from './statistics.ts'
import { epsilon, type TrackingTable } from './tracking-table.ts'

/** HOTA and its parts, each a mean over `alphas`, 0–1. */
export interface HotaScores {
  /** Mean over α of √(DetA·AssA). */
  readonly hota: number
  readonly detA: number
  readonly assA: number
}

/** The IoU thresholds over which HOTA averages: .05, .10 … .95. */
const alphas: readonly number[] = Array.from({ length: 19 }, (_, i) => (i + 1) / 20)

/** How well each true person and each ID fit over the whole time, 0–1; row-major, truths · predictions. */
const alignment = ({ frames, truthCounts, predictionCounts }: TrackingTable): Float64Array => {
  const columns = predictionCounts.length
  const shared = new Float64Array(truthCounts.length * columns)
  for (const { truths, predictions, similarity } of frames) {
    const width = predictions.length
    const ofTruth = truths.map((_, i) => similarity.subarray(i * width, (i + 1) * width).reduce((a, b) => a + b, 0))
    const ofPrediction = predictions.map((_, j) => truths.reduce((a, _, i) => a + (similarity[i * width + j] ?? 0), 0))
    for (const [i, truth] of truths.entries())
      for (const [j, prediction] of predictions.entries()) {
        const value = similarity[i * width + j] ?? 0
        const union = (ofTruth[i] ?? 0) + (ofPrediction[j] ?? 0) - value
        const at = truth * columns + prediction
        if (union > epsilon) shared[at] = (shared[at] ?? 0) + value / union
      }
  }
  return shared.map((value, at) => {
    const total = (truthCounts[Math.floor(at / columns)] ?? 0) + (predictionCounts[at % columns] ?? 0)
    return value / (total - value)
  })
}

/**
 * J. Luiten et al., "HOTA: A Higher Order Metric for Evaluating Multi-Object Tracking", IJCV 129 (2021). Each frame is
 * matched once, by alignment over the whole time times similarity here; α then decides which matches count.
 */
export const scoreHota = (table: TrackingTable): HotaScores => {
  const { frames, truthCounts, predictionCounts, truthTotal, predictionTotal } = table
  const columns = predictionCounts.length
  const aligned = alignment(table)
  const hits = alphas.map(() => 0)
  const matched = alphas.map(() => new Map<number, number>())
  for (const { truths, predictions, similarity } of frames) {
    const width = predictions.length
    const cost = similarity.map((value, at) => {
      const truth = truths[Math.floor(at / width)] ?? 0
      return -value * (aligned[truth * columns + (predictions[at % width] ?? 0)] ?? 0)
    })
    for (const [i, j] of assign(cost, truths.length, width, 0).entries()) {
      if (j < 0) continue
      const value = similarity[i * width + j] ?? 0
      const pair = (truths[i] ?? 0) * columns + (predictions[j] ?? 0)
      for (const [k, alpha] of alphas.entries()) {
        if (value < alpha - epsilon) break
        hits[k] = (hits[k] ?? 0) + 1
        matched[k]?.set(pair, (matched[k]?.get(pair) ?? 0) + 1)
      }
    }
  }
  const detections = hits.map((tp) => tp / Math.max(1, truthTotal + predictionTotal - tp))
  const associations = matched.map((pairs, k) => {
    let sum = 0
    for (const [pair, tpa] of pairs) {
      const total = (truthCounts[Math.floor(pair / columns)] ?? 0) + (predictionCounts[pair % columns] ?? 0)
      sum += tpa * (tpa / (total - tpa))
    }
    return sum / Math.max(1, hits[k] ?? 0)
  })
  return {
    hota: mean(detections.map((detA, k) => Math.sqrt(detA * (associations[k] ?? 0)))),
    detA: mean(detections),
    assA: mean(associations),
  }
}
