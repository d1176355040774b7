import { mean, standardDeviation } from './statistics.ts'

/** Squared L2 distances of unit vectors, 0–4: 2 − 2·cosine. */
export interface Distances {
  /** Between two pictures of one person. */
  readonly same: readonly number[]
  /** Between pictures of two people. */
  readonly different: readonly number[]
}

/** The validation rate (VAL) at a false accept rate (FAR). */
export interface ValAtFar {
  readonly targetFar: number
  /** A pair is accepted when its distance is below this. */
  readonly threshold: number
  /** The share of same-person pairs that are accepted. */
  readonly val: number
  /** The share of different-person pairs that are accepted. It is at most `targetFar`. */
  readonly far: number
}

const ascending = (values: readonly number[]): Float64Array => Float64Array.from(values).sort()

/** How many of the ascending values are below `limit`. */
const below = (values: Float64Array, limit: number): number => {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((values[middle] ?? 0) < limit) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * VAL at each false accept rate. The threshold is the largest impostor distance t with FAR(t) ≤ target, and distances
 * below t are accepted. (The common interpolation of the FAR curve is wrong where distances are equal.)
 */
export const valAtFar = ({ same, different }: Distances, targets: readonly number[]): ValAtFar[] => {
  const [own, impostors] = [ascending(same), ascending(different)]
  return targets.map((targetFar) => {
    // FAR at an impostor's distance is the share of impostors below it. 1e-9 is for 0.15 · 20 = 3.0000000000000004.
    const allowed = Math.floor(targetFar * impostors.length + 1e-9)
    const first = below(impostors, impostors[Math.min(allowed, impostors.length - 1)] ?? 0)
    const threshold = impostors[first] ?? 0
    return {
      targetFar,
      threshold,
      val: below(own, threshold) / Math.max(1, own.length),
      far: first / Math.max(1, impostors.length),
    }
  })
}

/** The rate at which false accepts and false rejects are equally frequent: (FAR + FRR) / 2 where they differ least. */
export const equalErrorRate = ({ same, different }: Distances): { rate: number; threshold: number } => {
  const [own, impostors] = [ascending(same), ascending(different)]
  let best = { gap: Infinity, rate: 0.5, threshold: 0 }
  for (const threshold of new Set([...own, ...impostors, Infinity])) {
    const far = below(impostors, threshold) / Math.max(1, impostors.length)
    const frr = 1 - below(own, threshold) / Math.max(1, own.length)
    const gap = Math.abs(far - frr)
    if (gap < best.gap) best = { gap, rate: (far + frr) / 2, threshold }
  }
  return { rate: best.rate, threshold: best.threshold }
}

/** The threshold with the highest accuracy. It is in the middle of the two distances that it separates. */
export const bestThreshold = ({ same, different }: Distances): { threshold: number; accuracy: number } => {
  const all = [...same.map((d) => ({ d, own: true })), ...different.map((d) => ({ d, own: false }))]
  all.sort((a, b) => a.d - b.d)
  let right = different.length
  let best = { threshold: (all[0]?.d ?? 0) / 2, right }
  for (const [i, { d, own }] of all.entries()) {
    right += own ? 1 : -1
    const next = all[i + 1]?.d ?? d + 1
    if (next > d && right > best.right) best = { threshold: (d + next) / 2, right }
  }
  return { threshold: best.threshold, accuracy: best.right / Math.max(1, all.length) }
}

/** The share of pairs on the right side of the threshold, 0–1. */
export const accuracyAt = ({ same, different }: Distances, threshold: number): number => {
  const right = same.filter((d) => d < threshold).length + different.filter((d) => d >= threshold).length
  return right / Math.max(1, same.length + different.length)
}

/** The pairs of all folds as one set. */
export const joined = (folds: readonly Distances[]): Distances => ({
  same: folds.flatMap(({ same }) => same),
  different: folds.flatMap(({ different }) => different),
})

/** Accuracy by cross-validation over folds. */
export interface FoldedAccuracy {
  readonly accuracy: number
  /** Standard error of the mean over the folds, as FaceNet reports it. */
  readonly standardError: number
  /** Standard deviation over the folds, as insightface reports it; √folds times as large. */
  readonly standardDeviation: number
  /** Mean over the folds. */
  readonly threshold: number
  readonly folds: readonly { readonly accuracy: number; readonly threshold: number; readonly pairs: number }[]
}

/** Judges each fold by the threshold that is best on all the others (G. B. Huang et al., LFW, 2007). */
export const foldedAccuracy = (folds: readonly Distances[]): FoldedAccuracy => {
  const results = folds.map((fold, i) => {
    const { threshold } = bestThreshold(joined(folds.filter((_, j) => j !== i)))
    return { accuracy: accuracyAt(fold, threshold), threshold, pairs: fold.same.length + fold.different.length }
  })
  const accuracies = results.map(({ accuracy }) => accuracy)
  const deviation = standardDeviation(accuracies)
  return {
    accuracy: mean(accuracies),
    standardError: deviation / Math.sqrt(Math.max(1, folds.length)),
    standardDeviation: deviation,
    threshold: mean(results.map(({ threshold }) => threshold)),
    folds: results,
  }
}
