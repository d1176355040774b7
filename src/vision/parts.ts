import type { Box, Detection, Picture, Point } from '../types.ts'
import type { Size } from './canvas.ts'

/** A part of a picture, in its pixels. */
export interface Part extends Size {
  readonly x: number
  readonly y: number
}

/**
 * Parts lie on the detector's grid (the largest stride), so that a face meets the same cells as in the whole picture: off it, its
 * landmarks move by 3 % of its size, on it by 1 to 2.
 */
const grid = 32
/** In smaller parts one of ten faces below 20 pixels is missed that the whole picture shows: they need what is around them. */
const leastSide = 128
/** A part has so many sizes of its face, which may be off by half of one. */
const facesAcross = 2
/** The share of the picture from which on parts do not pay. */
const mostArea = 0.4

const up = (pixels: number): number => Math.ceil(pixels / grid) * grid

const partAround = (box: Box, { width, height }: Size): Part => {
  const face = Math.max(box.width * width, box.height * height)
  const side = Math.max(leastSide, up(facesAcross * face + grid / 2))
  const from = (middle: number, length: number): number =>
    Math.max(0, Math.min(Math.round((middle - side / 2) / grid) * grid, up(length - side)))
  const x = from((box.x + box.width / 2) * width, width)
  const y = from((box.y + box.height / 2) * height, height)
  return { x, y, width: Math.min(side, width - x), height: Math.min(side, height - y) }
}

/** The part around each box; null when the whole picture costs hardly more. */
export const partsAround = (boxes: readonly Box[], picture: Size): readonly Part[] | null => {
  const parts = boxes.map((box) => partAround(box, picture))
  const area = parts.reduce((sum, part) => sum + up(part.width) * up(part.height), 0)
  return area <= mostArea * up(picture.width) * up(picture.height) ? parts : null
}

/** A copy of a part of a picture. */
export const cutOut = (picture: Picture, { x, y, width, height }: Part): Picture => {
  const data = new Uint8Array(3 * width * height)
  for (let plane = 0; plane < 3; plane++)
    for (let row = 0; row < height; row++) {
      const from = (plane * picture.height + y + row) * picture.width + x
      data.set(picture.data.subarray(from, from + width), (plane * height + row) * width)
    }
  return { width, height, data }
}

/** A detection in a part, in fractions of the whole picture. */
export const inWhole = ({ box, landmarks, score }: Detection, part: Part, { width, height }: Size): Detection => {
  const at = <T extends Point>({ x, y }: T) => ({
    x: (part.x + x * part.width) / width,
    y: (part.y + y * part.height) / height,
  })
  const [a, b, c, d, e] = landmarks
  return {
    score,
    box: { ...at(box), width: (box.width * part.width) / width, height: (box.height * part.height) / height },
    landmarks: [at(a), at(b), at(c), at(d), at(e)],
  }
}
