import { meanOver, quantised } from '../../math/luma-plane.ts'
import { gaussianFrom } from '../../math/seeded-random.ts'
import type { Photo } from '../../photos/photo.ts'
import { halfOf, photoFrom, planesOf, shrunk } from './planes.ts'

/** One way to make a photo worse. What `by` means: see `worseViews`. */
export interface WorseView {
  readonly kind: 'small' | 'blurred' | 'noisy' | 'dim' | 'blocky' | 'grey'
  readonly by: number
}

/**
 * `small`: the face has so many pixels. `blurred`: a mean over this share of the face. `noisy`: the noise, in units of luma,
 * under a mean of 3 × 3 pixels. `dim`: the share of contrast, dark, with the noise of little light. `blocky`: the codec's
 * step. `grey`: as under infrared light.
 */
export const worseViews: readonly WorseView[] = Object.entries({
  small: [40, 28, 20, 14],
  blurred: [0.06, 0.12, 0.2],
  noisy: [10, 25, 50],
  dim: [0.4, 0.2, 0.1],
  blocky: [16, 32, 64],
  grey: [1],
}).flatMap(([kind, values]) => values.map((by) => ({ kind: kind as WorseView['kind'], by })))

/** In the dark: the mean of luma, and the noise. */
const [darkness, darkNoise] = [50, 6]
/** Cameras hide noise by a mean over this side. */
const smoothedOver = 3

/** A worse view of the photo, whose face is `facePx` pixels wide; null where it would be no worse. The noise depends on `random`. */
export const worseView = (
  photo: Photo,
  { kind, by }: WorseView,
  facePx: number,
  random: () => number,
): Photo | null => {
  const [luma, ...colours] = planesOf(photo, kind === 'grey')
  const gaussian = gaussianFrom(random)
  const withLuma = (changed: Float32Array): Photo => photoFrom(photo, [changed, ...colours], photo)
  const noisy = (at: (value: number) => number, noise: number): Photo =>
    withLuma(
      meanOver(
        luma.map((value) => at(value) + noise * gaussian()),
        photo,
        smoothedOver,
      ),
    )
  if (kind === 'grey') return withLuma(luma)
  if (kind === 'blurred') return withLuma(meanOver(luma, photo, Math.max(3, Math.round(by * facePx))))
  if (kind === 'blocky') return withLuma(quantised(luma, photo, by))
  if (kind === 'noisy') return noisy((value) => value, by)
  if (kind === 'dim') {
    const middle = luma.reduce((sum, value) => sum + value, 0) / luma.length
    return noisy((value) => darkness + by * (value - middle), darkNoise)
  }
  if (by >= facePx) return null
  const share = by / facePx
  const size = { width: Math.ceil(share * photo.width), height: Math.ceil(share * photo.height) }
  const small = colours.map((plane) => shrunk(plane, halfOf(photo), halfOf(size)))
  return photoFrom(photo, [shrunk(luma, photo, size), ...small], size)
}
