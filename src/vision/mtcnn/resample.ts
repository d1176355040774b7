import type { Picture } from '../../types.ts'
import type { Pixels, Size } from '../canvas.ts'
import type { Cut } from './boxes.ts'

/**
 * Writes a part of a picture in another size as three f32 planes: each value is the mean of all pixels that it touches, with whole
 * weight (PyTorch's `interpolate(mode='area')`, by which the published weights were made).
 */
export const resample = (picture: Picture, cut: Cut, to: Size, planes: Float32Array, pixels: Pixels): void => {
  const [columns, rows] = [spans(cut.left, cut.right, to.width), spans(cut.top, cut.bottom, to.height)]
  for (const channel of [0, 1, 2] as const) {
    const from = channel * picture.width * picture.height
    const [scale, shift] = [pixels.scale[channel], pixels.shift[channel]]
    let at = pixels.plane[channel] * to.width * to.height
    for (const [top, bottom] of rows)
      for (const [left, right] of columns) {
        let sum = 0
        for (let y = top; y < bottom; y++) {
          const row = from + y * picture.width
          for (let x = row + left; x < row + right; x++) sum += picture.data[x] as number
        }
        planes[at++] = (sum / ((bottom - top) * (right - left))) * scale + shift
      }
  }
}

/** The pixels from `from` up to `until` that each of `count` values touches. */
const spans = (from: number, until: number, count: number): (readonly [from: number, until: number])[] =>
  Array.from({ length: count }, (_, i) => {
    const length = until - from
    return [from + Math.floor((i * length) / count), from + Math.ceil(((i + 1) * length) / count)]
  })
