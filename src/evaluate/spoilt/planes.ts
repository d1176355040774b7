import { reduced, type Size } from '../../math/luma-plane.ts'
import type { Photo } from '../../photos/photo.ts'
import type { Yuv } from '../../types.ts'
import { componentsOf, toRgbOf } from '../../vision/yuv.ts'
import { pictureFrom } from './picture-from.ts'

/** Luma, then the two colours, each of half the width and height; without padding, 0–255. */
export type Planes = [luma: Float32Array, blue: Float32Array, red: Float32Array]

/** The planes of a photo. Grey takes red for luma: of a picture without colours the two are the same. */
export const planesOf = (full: Yuv, grey: boolean): Planes => {
  const [y, u, v] = componentsOf(full)
  const { luma, redV } = toRgbOf(full)
  const planes = [y, u, v].map(({ data, stride, step, offset, width, height }) =>
    Float32Array.from(
      { length: width * height },
      (_, i) => data[Math.floor(i / width) * stride + (i % width) * step + offset] as number,
    ),
  ) as Planes
  if (!grey) return planes
  const red = planes[0].map((value, i) => {
    const colour = planes[2][(Math.floor(i / full.width) >> 1) * v.width + ((i % full.width) >> 1)] as number
    return Math.min(255, Math.max(0, value + (redV * (colour - 128)) / luma))
  })
  return [red, planes[1].fill(128), planes[2].fill(128)]
}

/** A plane scaled down. */
export const shrunk = (plane: Float32Array, from: Size, to: Size): Float32Array =>
  reduced((x, y) => plane[y * from.width + x] as number, from, to)

/** The size of a photo's planes of colour. */
export const halfOf = ({ width, height }: Size): Size => ({ width: (width + 1) >> 1, height: (height + 1) >> 1 })

/** A photo of these planes; `size` is that of luma. The detector's picture is made of them. */
export const photoFrom = ({ picture, ...full }: Photo, planes: readonly Float32Array[], size: Size): Photo => {
  const changed: Yuv = {
    ...full,
    width: size.width,
    height: size.height,
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
