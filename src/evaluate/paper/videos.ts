import { distancesOf, planPairs } from '../pairs.ts'
import { foldedAccuracy } from '../verification.ts'

/** The mean embedding of a video's frames, not of unit length. */
export interface MeasuredVideo {
  readonly person: string
  readonly frames: number
  readonly mean: Float32Array
}

/** How well videos of one person are told from videos of two. */
export interface VideoScores {
  readonly videos: number
  readonly people: number
  readonly frames: number
  readonly pairs: number
  readonly accuracy: number
  readonly standardError: number
  readonly folds: number
  readonly byPerson: boolean
}

/** The mean of unit vectors: the dot product of two means is the mean cosine of all pairs of their vectors. */
export const meanVector = (vectors: readonly ArrayLike<number>[]): Float32Array => {
  const sum = new Float64Array(vectors[0]?.length ?? 0)
  for (const vector of vectors) for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (vector[i] ?? 0)
  return Float32Array.from(sum, (value) => value / Math.max(1, vectors.length))
}

/**
 * The protocol of YouTube Faces (L. Wolf, T. Hassner, I. Maoz 2011) as FaceNet follows it: the distance of two videos is the mean over
 * all pairs of their frames; as many pairs of one person as of two, in ten folds, each judged by the threshold that is best on the
 * others.
 */
export const scoreVideos = (videos: readonly MeasuredVideo[]): VideoScores => {
  const plan = planPairs(videos, 1)
  const means = videos.map(({ mean }) => mean)
  const folds = plan.folds
    .map((fold) => distancesOf(fold, means))
    .filter(({ same, different }) => same.length + different.length > 0)
  const { accuracy, standardError } = foldedAccuracy(folds)
  return {
    videos: videos.length,
    people: new Set(videos.map(({ person }) => person)).size,
    frames: videos.reduce((sum, { frames }) => sum + frames, 0),
    pairs: folds.reduce((sum, { same, different }) => sum + same.length + different.length, 0),
    accuracy,
    standardError,
    folds: folds.length,
    byPerson: plan.byPerson,
  }
}
