import { meanOver, quantised, type Size } from '../../math/luma-plane.ts'
import { gaussianFrom } from '../../math/seeded-random.ts'
import type { Photo } from '../../photos/photo.ts'
import { halfOf, photoFrom, planesOf, shrunk } from './planes.ts'

/** What is done to a photo. */
export interface Spoiling {
  /** As a camera with infrared light gives it: no colours, and the light of red, in which skin is bright. */
  readonly grey: boolean
  /** As a cheap camera gives it at night: smaller, little contrast, noise, what hides noise, a low bit rate. */
  readonly poor: boolean
}

/** The share of its sides that is left of a poor photo, at least and at most. */
const sides = [0.4, 0.8] as const
/** Of a poor photo, as at night in the long run: the share of contrast, the mean, the noise (units of luma), the mean against noise, the codec's step. */
const [contrast, brightness, noise, smoothedOver, step] = [0.4, 70, 7, 3, 14] as const

const dimmed = (luma: Float32Array, size: Size, random: () => number): Float32Array => {
  const gaussian = gaussianFrom(random)
  const middle = luma.reduce((sum, value) => sum + value, 0) / luma.length
  const seen = luma.map((value) => brightness + contrast * (value - middle) + noise * gaussian())
  return quantised(meanOver(seen, size, smoothedOver), size, step)
}

/** A spoilt copy of the photo. Its size, if poor, and its noise depend on `random`. */
export const spoilt = (photo: Photo, { grey, poor }: Spoiling, random: () => number): Photo => {
  const share = poor ? sides[0] + (sides[1] - sides[0]) * random() : 1
  const size = { width: Math.ceil(share * photo.width), height: Math.ceil(share * photo.height) }
  const [luma, ...colours] = planesOf(photo, grey)
  const planes = poor
    ? [
        dimmed(shrunk(luma, photo, size), size, random),
        ...colours.map((plane) =>
          shrunk(plane, halfOf(photo), halfOf(size)).map((value) => 128 + contrast * (value - 128)),
        ),
      ]
    : [luma, ...colours]
  return photoFrom(photo, planes, size)
}
