import type { Box, Detection, TrackId } from '../types.ts'
import { boxesApart, sizeRatio } from './boxes.ts'

/** Where a face must be in the big picture. */
export interface Expected {
  readonly track: TrackId
  readonly box: Box
  /** How far it may be from there, in box sizes. */
  readonly spread: number
}

/** A square part of a picture, in its pixels; it may reach over the edge. */
export interface Square {
  readonly x: number
  readonly y: number
  readonly side: number
}

/** The face is this part of the square in which it is looked for. */
const FACE_SHARE = 0.4
/** A face that may be further away is not looked for: somebody else may be there. */
export const MOST_SPREAD = 0.6
/** How far from where it must be a face is accepted, and how much nearer it has to be than another one: box sizes. */
const MOST_APART = 0.5
const CLEARLY = 0.5
const MOST_SIZE_RATIO = 1.7

/** The square around a face in which it is looked for. `picture` is in pixels. */
export const searchSquare = (
  { box, spread }: Expected,
  { width, height }: { readonly width: number; readonly height: number },
): Square => {
  const size = Math.max(box.width * width, box.height * height)
  const side = (size * (1 + spread)) / FACE_SHARE
  return {
    x: (box.x + box.width / 2) * width - side / 2,
    y: (box.y + box.height / 2) * height - side / 2,
    side,
  }
}

/** Turns a detection in a square into fractions of the whole picture. */
export const inPicture = (
  found: Detection,
  { x, y, side }: Square,
  { width, height }: { readonly width: number; readonly height: number },
): Detection => {
  const point = (at: { readonly x: number; readonly y: number }) => ({
    x: (x + at.x * side) / width,
    y: (y + at.y * side) / height,
  })
  const { box, landmarks } = found
  const [a, b, c, d, e] = landmarks
  return {
    score: found.score,
    box: { ...point(box), width: (box.width * side) / width, height: (box.height * side) / height },
    landmarks: [point(a), point(b), point(c), point(d), point(e)],
  }
}

/**
 * The face that is certainly the expected one; null when there is none. It is near enough and as large as it must be, no other
 * face that was found is as near, and no other track's face must be near it: a face of somebody else is worse than none.
 */
export const certainFace = (
  expected: Expected,
  found: readonly Detection[],
  others: readonly Expected[],
): Detection | null => {
  const { box } = expected
  const fitting = found
    .filter((face) => sizeRatio(box, face.box) <= MOST_SIZE_RATIO)
    .map((face) => ({ face, apart: boxesApart(box, face.box) }))
    .toSorted((a, b) => a.apart - b.apart)
  const [best, second] = fitting
  if (best === undefined || best.apart > MOST_APART + expected.spread) return null
  if (second !== undefined && second.apart < best.apart + CLEARLY) return null
  const isOthers = others.some(
    (other) =>
      other.track !== expected.track && boxesApart(other.box, best.face.box) < best.apart + CLEARLY + other.spread,
  )
  return isOthers ? null : best.face
}
