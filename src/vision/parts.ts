import type { Box, Detection, Picture, Point } from '../types.ts'
import type { Size } from './canvas.ts'

/** A part of a picture, in its pixels. */
export interface Part extends Size {
  readonly x: number
  readonly y: number
}

/** What parts are to show, in fractions of the picture. */
export interface PartsWanted {
  /** Faces. */
  readonly expected: readonly { readonly box: Box }[]
  /** Places that have changed. */
  readonly moved: readonly Box[]
}

/**
 * Parts lie on the detector's grid (the largest stride), so that a face meets the same cells as in the whole picture: off it, its
 * landmarks move by 3 % of its size, on it by 1 to 2.
 */
export const grid = 32
/** In smaller parts one of ten faces below 20 pixels is missed that the whole picture shows: they need what is around them. */
export const leastSide = 128
/** A part has so many sizes of its face, which may be off by half of one. */
const facesAcross = 2
/** The share of the picture from which on parts do not pay. */
const mostArea = 0.4

const up = (pixels: number): number => Math.ceil(pixels / grid) * grid

/** The part around a face, on the grid. */
export const partAround = (box: Box, { width, height }: Size): Part => {
  const face = Math.max(box.width * width, box.height * height)
  const side = Math.max(leastSide, up(facesAcross * face + grid / 2))
  const from = (middle: number, length: number): number =>
    Math.max(0, Math.min(Math.round((middle - side / 2) / grid) * grid, up(length - side)))
  const x = from((box.x + box.width / 2) * width, width)
  const y = from((box.y + box.height / 2) * height, height)
  return { x, y, width: Math.min(side, width - x), height: Math.min(side, height - y) }
}

/** Sides of parts over what has moved: of other sizes there would be too many, each with memory of its own. The whole side is one, too. */
const sides = [leastSide, 1.5 * leastSide, 2 * leastSide]

/** A head is in the upper part of what has moved, at most so many widths high, and pixels at least. What moves lower is a body, or its shadow. */
const headReach = 1.5
const leastReach = 96

/** The upper part of the box, on the grid. */
const partOver = (box: Box, { width, height }: Size): Part => {
  const span = (from: number, length: number, all: number): readonly [number, number] => {
    const side = sides.find((each) => each >= length * all + grid / 2) ?? up(all)
    const middle = (from + length / 2) * all
    const start = Math.max(0, Math.min(Math.round((middle - side / 2) / grid) * grid, up(all - side)))
    return [start, Math.min(side, all - start)]
  }
  const [x, across] = span(box.x, box.width, width)
  const [y, down] = span(
    box.y,
    Math.min(box.height, Math.max(headReach * box.width * width, leastReach) / height),
    height,
  )
  return { x, y, width: across, height: down }
}

/** What parts cost, of a look at the whole picture. */
export const costOf = (parts: readonly Part[], picture: Size): number =>
  parts.reduce((sum, part) => sum + up(part.width) * up(part.height), 0) / (up(picture.width) * up(picture.height))

const isSmall = (parts: readonly Part[], picture: Size): boolean => costOf(parts, picture) <= mostArea

/**
 * A part around each face that is expected, and one over each place that has moved, if all are small; of much movement around people
 * only those. Null when the whole picture costs hardly more.
 */
export const partsOf = ({ expected, moved }: PartsWanted, picture: Size): readonly Part[] | null => {
  const around = expected.map(({ box }) => partAround(box, picture))
  const all = [...around, ...moved.map((box) => partOver(box, picture))]
  if (isSmall(all, picture)) return all
  // Where much moves around those who are known, others are left to the looks at the whole.
  return around.length > 0 && isSmall(around, picture) ? around : null
}

/** A part as a box, in fractions of the picture. */
export const boxOf = (part: Part, { width, height }: Size): Box => ({
  x: part.x / width,
  y: part.y / height,
  width: part.width / width,
  height: part.height / height,
})

/** Where nothing is left to see once these parts were looked at, in fractions of the picture. */
export const seenBy = (parts: readonly Part[], { expected, moved }: PartsWanted, picture: Size): readonly Box[] => [
  ...parts.map((part) => boxOf(part, picture)),
  ...(parts.length > expected.length ? moved : []),
]

/** A copy of a part of a picture. By `copy`, which makes no view of each row: these were a fifth of all garbage. */
export const cutOut = (picture: Picture, { x, y, width, height }: Part): Picture => {
  const data = new Uint8Array(3 * width * height)
  const [source, target] = [bytesOf(picture.data), bytesOf(data)]
  for (let plane = 0; plane < 3; plane++)
    for (let row = 0; row < height; row++) {
      const from = (plane * picture.height + y + row) * picture.width + x
      source.copy(target, (plane * height + row) * width, from, from + width)
    }
  return { width, height, data }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, byteLength)

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
