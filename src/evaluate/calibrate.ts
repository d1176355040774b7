import { RollcallError } from '../errors.ts'
import type { Calibration } from '../vision/calibration.ts'
import { cosineAt } from './distance.ts'
import type { EmbeddedPhoto } from './embed-photos.ts'
import { fitLogistic } from './logistic.ts'
import { allDistances } from './pairs.ts'
import { mean, median, rounded, standardDeviation } from './statistics.ts'
import { equalErrorRate, valAtFar } from './verification.ts'
import { targetFars } from './verify.ts'

/** Fewer pairs cannot show a FAR of 1e-3. */
const fewestDifferent = 1000

const spreadOf = (cosines: readonly number[]): Calibration['same'] => ({
  mean: rounded(mean(cosines)),
  standardDeviation: rounded(standardDeviation(cosines)),
  median: rounded(median(cosines)),
})

/**
 * Measures what a model's cosines mean, from every pair of the photos. Throws USAGE when there are too few pairs, and
 * MODEL_INVALID when pictures of one person are no more alike than those of two.
 */
export const fitCalibration = (
  photos: readonly Pick<EmbeddedPhoto, 'person' | 'views'>[],
  sha256: string,
): Calibration => {
  const distances = allDistances(
    photos,
    photos.map(({ views }) => views[0]?.embedding ?? []),
  )
  const [same, different] = [distances.same.map(cosineAt), distances.different.map(cosineAt)]
  if (same.length === 0 || different.length < fewestDifferent)
    throw new RollcallError(
      'USAGE',
      `eval calibrate: ${same.length} pairs of one person and ${different.length} of two, expected 1 and ${fewestDifferent} or more`,
      { remedy: 'Give photos of more people, and of some of them two or more.' },
    )
  const { slope, midpoint } = fitLogistic(same, different)
  if (!(slope > 0))
    throw new RollcallError(
      'MODEL_INVALID',
      'eval calibrate: pairs of one person are no more alike than pairs of two',
      {
        remedy: 'Check the labels, and the template and channels in the descriptor of the embedder.',
      },
    )
  return {
    sha256,
    people: new Set(photos.map(({ person }) => person)).size,
    photos: photos.length,
    pairs: { same: same.length, different: different.length },
    slope: rounded(slope, 3),
    midpoint: rounded(midpoint),
    eer: rounded(equalErrorRate(distances).rate),
    fars: valAtFar(distances, targetFars).map(({ targetFar, threshold, val, far }) => ({
      targetFar,
      cosine: rounded(cosineAt(threshold)),
      val: rounded(val),
      far: rounded(far, 7),
    })),
    same: spreadOf(same),
    different: spreadOf(different),
  }
}
