import type { Detection, Landmarks, Picture, Point } from '../types.ts'

/** A decoded box before suppression, in pixels of the canvas, origin top left. */
export interface Candidate {
  readonly score: number
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
  /** x and y of the five landmarks, in the order of `Landmarks`. */
  readonly points: ArrayLike<number>
}

/** False for what cannot be a face: a number that is not finite, or a box without area. */
export const isSound = (candidate: Candidate): boolean => {
  for (let i = 0; i < 10; i++) if (!Number.isFinite(candidate.points[i])) return false
  const width = candidate.right - candidate.left
  const height = candidate.bottom - candidate.top
  return width > 0 && height > 0 && Number.isFinite(width) && Number.isFinite(height)
}

/** Whether the box's centre is inside the picture, which may be smaller than the canvas. */
export const isInside = (candidate: Candidate, picture: Pick<Picture, 'width' | 'height'>): boolean => {
  const x = (candidate.left + candidate.right) / 2
  const y = (candidate.top + candidate.bottom) / 2
  return x >= 0 && y >= 0 && x < picture.width && y < picture.height
}

/** Turns canvas pixels into fractions of the picture, which lies at the canvas's top left. */
export const toDetection = (candidate: Candidate, picture: Pick<Picture, 'width' | 'height'>): Detection => {
  const { width, height } = picture
  const point = (i: number): Point => ({
    x: (candidate.points[2 * i] ?? 0) / width,
    y: (candidate.points[2 * i + 1] ?? 0) / height,
  })
  const landmarks: Landmarks = [point(0), point(1), point(2), point(3), point(4)]
  return {
    box: {
      x: candidate.left / width,
      y: candidate.top / height,
      width: (candidate.right - candidate.left) / width,
      height: (candidate.bottom - candidate.top) / height,
    },
    landmarks,
    score: candidate.score,
  }
}
