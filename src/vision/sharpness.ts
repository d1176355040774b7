import type { Detail } from './detail.ts'

/** The Detail of a crop in logarithms and ratios; contrast is in the first number only. */
export const featuresOf = ({ coarse, middle, fine, noise, density }: Detail): readonly number[] => {
  // Below these values 8-bit luma shows only its own steps.
  const [c, m] = [Math.log(Math.max(coarse, 1)), Math.log(Math.max(middle, 1))]
  const [f, n] = [Math.log(Math.max(fine, 0.3)), Math.log(Math.max(noise, 0.03))]
  return [c, m - c, f - m, n - m, density]
}

/** What the fit has seen; values beyond count as these. */
const least = [0.458, -1.308, -2.318, -6.821, 0.483]
const most = [4.112, 0.213, 0.696, -1.106, 0.908]

/**
 * The cosine that the embedding of a face with this detail is expected to have to the embedding of the same face seen
 * clearly, about 0 to 1.
 *
 * A polynomial in the logarithms of the detail, fitted by least squares to faces that were made noisy, dark, pale, blurred,
 * coarse and blocky: docs/decisions/0020-quality-is-an-expected-cosine.md. Where there is more fine structure than the
 * coarse one explains it is noise, where there is less it is blur.
 */
export const expectedCosine = (detail: Detail): number => {
  const [contrast, middle, fine, noise, density] = featuresOf(detail).map((value, i) =>
    Math.min(Math.max(value, least[i] as number), most[i] as number),
  ) as [number, number, number, number, number]
  return (
    -1.1209 +
    0.2382 * contrast -
    0.0179 * contrast ** 2 -
    0.4895 * middle -
    0.2771 * middle ** 2 -
    0.2926 * fine -
    0.0332 * fine ** 2 -
    0.0673 * noise -
    0.0169 * noise ** 2 +
    0.0502 * fine * noise -
    0.4196 * fine * middle +
    1.0946 * density
  )
}

/** The expected cosines at which a face counts nothing, and fully. Different people reach .35; clear faces are expected at .65 or more. */
const worthless = 0.4
const clear = 0.6
/** The focus at which a face counts half. Whip-pans have 0.005–0.02, still pictures 0.1–0.5. */
const halfFocus = 0.02

/**
 * How clearly a crop shows its face, 0–1: see `Quality.sharpness`. Focus is a factor of its own: a smeared face and an
 * enlarged picture keep a high expected cosine where their edges are strong.
 */
export const sharpnessOf = (detail: Detail): number =>
  (Math.min(Math.max((expectedCosine(detail) - worthless) / (clear - worthless), 0), 1) * detail.focus) /
  (detail.focus + halfFocus)
