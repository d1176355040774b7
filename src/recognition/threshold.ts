import { RollcallError } from '../errors.ts'
import type { Calibration } from '../vision/calibration.ts'

/** From which cosine two faces are taken for one person, and what is known about it. */
export interface Threshold {
  readonly cosine: number
  /** The same as the squared L2 distance of unit vectors, FaceNet's measure: 2 − 2 · cosine. */
  readonly distance: number
  /** Null when it was not calibrated: nobody has measured how many strangers pass. */
  readonly measured: {
    /** At most this share of the pairs of two people passes. */
    readonly far: number
    /** The share of the pairs of one person that passed. */
    readonly val: number
    /** How many people and photos it was measured on. */
    readonly people: number
    readonly photos: number
  } | null
}

/** FaceNet's measure of a cosine, 0–4; to digits that are the same on another machine's floating point. */
export const distanceOf = (cosine: number): number => Number((2 - 2 * cosine).toFixed(6))

/** An embedder, as far as a threshold needs it. */
interface Uncalibrated {
  readonly name: string
  /** The cosine that its descriptor says. */
  readonly threshold: number
}

/**
 * The threshold of an embedder at a false accept rate that its calibration has; without a calibration that of its descriptor.
 * Throws USAGE for another rate, and for any rate when there is no calibration.
 */
export const thresholdAt = (
  calibration: Calibration | null,
  { name, threshold }: Uncalibrated,
  far: number | undefined,
): Threshold => {
  if (calibration === null) {
    if (far === undefined) return { cosine: threshold, distance: distanceOf(threshold), measured: null }
    throw new RollcallError(
      'USAGE',
      `--far: the embedder ${name} has no calibration, so no false accept rate is known`,
      {
        remedy: 'Measure it with rollcall eval calibrate DIR --write, or leave --far out.',
      },
    )
  }
  const wanted = far ?? 1e-3
  const found = calibration.fars.find(({ targetFar }) => targetFar === wanted)
  if (found === undefined)
    throw new RollcallError('USAGE', `--far ${wanted}: the calibration of ${name} does not have it`, {
      remedy: `give one of ${calibration.fars.map(({ targetFar }) => targetFar).join(', ')}`,
    })
  const { people, photos } = calibration
  const { cosine, val } = found
  return { cosine, distance: distanceOf(cosine), measured: { far: wanted, val, people, photos } }
}

/** P(same | cosine) if pairs of one person and of two are equally frequent; null without a calibration. */
export const probabilityOf = (calibration: Calibration | null, cosine: number): number | null =>
  calibration && 1 / (1 + Math.exp(-calibration.slope * (cosine - calibration.midpoint)))
