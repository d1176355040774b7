import { cosineAt } from './distance.ts'
import type { Distances } from './verification.ts'

/** One point of a ROC curve: the rates when distances below `threshold` (squared L2, 0–4) are accepted. */
export interface RocPoint {
  readonly threshold: number
  readonly far: number
  readonly val: number
}

/** About the most corners of a curve. */
const most = 200

/** The corners of the curve from (0, 0) to (1, 1), denser where FAR is small. */
export const rocOf = ({ same, different }: Distances): RocPoint[] => {
  const own = Float64Array.from(same).sort()
  const impostors = Float64Array.from(different).sort()
  const points: RocPoint[] = [{ threshold: 0, far: 0, val: 0 }]
  let [accepted, falsely, kept] = [0, 0, -1]
  for (const [i, threshold] of impostors.entries()) {
    if (threshold === impostors[i - 1]) continue
    while (accepted < own.length && (own[accepted] ?? 0) < threshold) accepted++
    falsely = i
    // Equal steps of the logarithm, so every decade of FAR has as many points.
    const step = Math.floor((Math.log(i + 1) / Math.log(impostors.length + 1)) * most)
    if (step === kept) continue
    kept = step
    points.push({ threshold, far: falsely / impostors.length, val: accepted / Math.max(1, own.length) })
  }
  points.push({ threshold: 4, far: 1, val: 1 })
  return points
}

/** How many pairs there are in each bin of cosines. */
export interface Histogram {
  /** The lower edge of the first bin, and the width of each, as cosines. */
  readonly from: number
  readonly width: number
  readonly same: readonly number[]
  readonly different: readonly number[]
}

/** Counts cosines in bins of 0.02 from −1 to 1. The last bin includes 1. */
export const histogramOf = ({ same, different }: Distances): Histogram => {
  const bins = 100
  const countIn = (distances: readonly number[]): number[] => {
    const counts = Array.from({ length: bins }, () => 0)
    for (const distance of distances) {
      const cosine = cosineAt(distance)
      const bin = Math.min(bins - 1, Math.max(0, Math.floor(((cosine + 1) / 2) * bins)))
      counts[bin] = (counts[bin] ?? 0) + 1
    }
    return counts
  }
  return { from: -1, width: 2 / bins, same: countIn(same), different: countIn(different) }
}
