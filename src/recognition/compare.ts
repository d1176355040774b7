import { dot } from '../math/vector.ts'
import type { FoundFace } from '../photos/review-photos.ts'
import type { Calibration } from '../vision/calibration.ts'
import { distanceOf, probabilityOf, type Threshold } from './threshold.ts'

/** What two faces are to each other. */
export interface Comparison {
  readonly same: boolean
  readonly cosine: number
  /** Squared L2 of the unit vectors, 0–4. */
  readonly distance: number
  /** P(same) if same and different are equally frequent; null without a calibration. */
  readonly probability: number | null
}

/** Verification: two faces are one person when their cosine is above the threshold. */
export const compareFaces = (
  a: Pick<FoundFace, 'embedding'>,
  b: Pick<FoundFace, 'embedding'>,
  { threshold, calibration }: { readonly threshold: Threshold; readonly calibration: Calibration | null },
): Comparison => {
  const cosine = dot(a.embedding, b.embedding)
  return {
    same: cosine > threshold.cosine,
    cosine,
    distance: distanceOf(cosine),
    probability: probabilityOf(calibration, cosine),
  }
}
