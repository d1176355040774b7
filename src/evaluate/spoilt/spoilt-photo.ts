import { meanOver, quantised, reduced, type Size } from '../../math/luma-plane.ts'
import { gaussianFrom } from '../../math/seeded-random.ts'
import type { Photo } from '../../photos/photo.ts'
import type { Yuv } from '../../types.ts'
import { componentsOf, toRgbOf } from '../../vision/yuv.ts'
import { pictureFrom } from './picture-from.ts'

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

/** A plane of the photo, width × height without padding. Grey takes red for luma: of a picture without colours the two are the same. */
const planesOf = (full: Yuv, grey: boolean): Float32Array[] => {
  const [y, u, v] = componentsOf(full)
  const { luma, redV } = toRgbOf(full)
  const planes = [y, u, v].map(({ data, stride, step, offset, width, height }) =>
    Float32Array.from(
      { length: width * height },
      (_, i) => data[Math.floor(i / width) * stride + (i % width) * step + offset] as number,
    ),
  ) as [Float32Array, Float32Array, Float32Array]
  if (!grey) return planes
  const red = planes[0].map((value, i) => {
    const colour = planes[2][(Math.floor(i / full.width) >> 1) * v.width + ((i % full.width) >> 1)] as number
    return Math.min(255, Math.max(0, value + (redV * (colour - 128)) / luma))
  })
  return [red, planes[1].fill(128), planes[2].fill(128)]
}

const shrunk = (plane: Float32Array, from: Size, to: Size): Float32Array =>
  reduced((x, y) => plane[y * from.width + x] as number, from, to)

const halfOf = ({ width, height }: Size): Size => ({ width: (width + 1) >> 1, height: (height + 1) >> 1 })

const dimmed = (luma: Float32Array, size: Size, random: () => number): Float32Array => {
  const gaussian = gaussianFrom(random)
  const middle = luma.reduce((sum, value) => sum + value, 0) / luma.length
  const seen = luma.map((value) => brightness + contrast * (value - middle) + noise * gaussian())
  return quantised(meanOver(seen, size, smoothedOver), size, step)
}

/** A spoilt copy of the photo. Its size, if poor, and its noise depend on `random`. */
export const spoilt = ({ picture, ...full }: Photo, { grey, poor }: Spoiling, random: () => number): Photo => {
  const share = poor ? sides[0] + (sides[1] - sides[0]) * random() : 1
  const size = { width: Math.ceil(share * full.width), height: Math.ceil(share * full.height) }
  const [luma, ...colours] = planesOf(full, grey)
  const planes = poor
    ? [
        dimmed(shrunk(luma as Float32Array, full, size), size, random),
        ...colours.map((plane) =>
          shrunk(plane, halfOf(full), halfOf(size)).map((value) => 128 + contrast * (value - 128)),
        ),
      ]
    : [luma as Float32Array, ...colours]
  const changed: Yuv = {
    ...full,
    ...size,
    format: 'I420',
    planes: planes.map((plane, i) => ({
      // A clamped array rounds, too.
      data: new Uint8Array(new Uint8ClampedArray(plane).buffer),
      stride: (i === 0 ? size : halfOf(size)).width,
    })),
  }
  const seen = { width: Math.min(picture.width, size.width), height: Math.min(picture.height, size.height) }
  return { ...changed, picture: pictureFrom(changed, seen) }
}
