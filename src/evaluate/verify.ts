import { type Histogram, histogramOf, type RocPoint, rocOf } from './curves.ts'
import { cosineAt } from './distance.ts'
import type { PhotoSet } from './embed-photos.ts'
import { allDistances, distancesOf, type Fold } from './pairs.ts'
import {
  bestThreshold,
  type Distances,
  equalErrorRate,
  type FoldedAccuracy,
  foldedAccuracy,
  joined,
  type ValAtFar,
  valAtFar,
} from './verification.ts'

interface PairFigures {
  readonly same: number
  readonly different: number
  /** The smallest FAR above 0 that this number of pairs can show. Below it VAL is that at FAR 0. */
  readonly finestFar: number
  readonly eer: number
  readonly val: readonly ValAtFar[]
}

/** The result of a verification. Accuracy is over the folds, curves are over all pairs. */
export interface VerificationResult extends FoldedAccuracy {
  /** The best threshold over all folds' pairs: as a squared L2 distance, and as a cosine. */
  readonly bestThreshold: number
  readonly bestCosine: number
  readonly foldsByPerson: boolean
  /** The folds' own pairs, and every pair of photos. */
  readonly pairs: PairFigures
  readonly allPairs: PairFigures
  readonly people: number
  readonly photos: {
    readonly used: number
    readonly found: number
    /** Found only with a margin around the photo. */
    readonly padded: number
    /** Not found: the middle square was taken for an aligned crop. */
    readonly centred: number
    readonly unreadable: readonly string[]
  }
  readonly models: { readonly detector: string; readonly embedder: string }
  readonly roc: readonly RocPoint[]
  /** Cosines of all pairs. */
  readonly histogram: Histogram
}

/** The false accept rates at which VAL is given. */
export const targetFars = [1e-1, 1e-2, 1e-3, 1e-4] as const

const figuresOf = (distances: Distances): PairFigures => ({
  same: distances.same.length,
  different: distances.different.length,
  finestFar: 1 / Math.max(1, distances.different.length),
  eer: equalErrorRate(distances).rate,
  val: valAtFar(distances, targetFars),
})

/** Runs FaceNet's protocol on these folds, and the curves over all pairs. */
export const verify = (set: PhotoSet, folds: readonly Fold[], foldsByPerson: boolean): VerificationResult => {
  const vectors = set.photos.map(({ views }) => views[0]?.embedding ?? new Float32Array())
  const distances = folds
    .map((fold) => distancesOf(fold, vectors))
    .filter(({ same, different }) => same.length + different.length > 0)
  const everything = joined(distances)
  const all = allDistances(set.photos, vectors)
  const best = bestThreshold(everything)
  return {
    ...foldedAccuracy(distances),
    bestThreshold: best.threshold,
    bestCosine: cosineAt(best.threshold),
    foldsByPerson,
    pairs: figuresOf(everything),
    allPairs: figuresOf(all),
    people: new Set(set.photos.map(({ person }) => person)).size,
    photos: { used: set.photos.length, ...set.how, unreadable: set.unreadable },
    models: { detector: set.detector, embedder: set.embedder },
    roc: rocOf(all),
    histogram: histogramOf(all),
  }
}
