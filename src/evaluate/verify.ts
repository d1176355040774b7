import { type Histogram, histogramOf, type RocPoint, rocOf } from './curves.ts'
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
  /** The finest FAR that so many pairs can show; VAL below it is VAL at FAR 0. */
  readonly finestFar: number
  readonly eer: number
  readonly val: readonly ValAtFar[]
}

export interface VerificationResult extends FoldedAccuracy {
  /** Over all folds' pairs: squared L2, and the same as a cosine. */
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
    /** Found with a margin around the photo only. */
    readonly padded: number
    /** No face found: the middle square was taken for an aligned crop. */
    readonly centred: number
    readonly unreadable: readonly string[]
  }
  readonly models: { readonly detector: string; readonly embedder: string }
  readonly roc: readonly RocPoint[]
  /** Cosines of all pairs. */
  readonly histogram: Histogram
}

/** False accept rates at which VAL is given. */
export const targetFars = [1e-1, 1e-2, 1e-3, 1e-4] as const

const figuresOf = (distances: Distances): PairFigures => ({
  same: distances.same.length,
  different: distances.different.length,
  finestFar: 1 / Math.max(1, distances.different.length),
  eer: equalErrorRate(distances).rate,
  val: valAtFar(distances, targetFars),
})

/** FaceNet's protocol on these folds, and the curves of all pairs. */
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
    bestCosine: 1 - best.threshold / 2,
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
