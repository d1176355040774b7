import type { Candidate } from './candidate.ts'

/**
 * SCRFD's outputs for one picture and one stride. Cells are row-major, with the anchors of a cell next to each other.
 */
export interface ScrfdLevel {
  readonly stride: number
  /** Cells in a row: the canvas's width divided by the stride. */
  readonly columns: number
  readonly anchors: number
  /** One for each anchor, 0–1. */
  readonly scores: Float32Array
  /** 4 for each anchor: distances to the left, top, right and bottom edge, in strides. */
  readonly distances: Float32Array
  /** 10 for each anchor: offsets in strides; null when the model gives no landmarks. */
  readonly points: Float32Array | null
}

/**
 * The five landmarks of an upright, frontal face in fractions of its box (x and y), for models without landmarks: the
 * mean over YuNet's faces. Good enough to crop, but not to compare people who turn their heads.
 */
const meanFace = [0.31, 0.4, 0.69, 0.4, 0.5, 0.6, 0.35, 0.78, 0.65, 0.78]

/**
 * Decodes SCRFD (Guo et al. 2021): boxes and landmarks are distances from the cell's top left corner, in strides.
 * Candidates are in canvas pixels, unsorted.
 */
export const decodeScrfd = (levels: readonly ScrfdLevel[], minScore: number): Candidate[] => {
  const found: Candidate[] = []
  for (const { stride, columns, anchors, scores, distances, points } of levels) {
    for (let anchor = 0; anchor < scores.length; anchor++) {
      const score = scores[anchor] ?? 0
      if (!(score >= minScore)) continue
      const cell = Math.floor(anchor / anchors)
      const column = cell % columns
      const x = column * stride
      const y = ((cell - column) / columns) * stride
      const [l = 0, t = 0, r = 0, b = 0] = distances.subarray(4 * anchor, 4 * anchor + 4)
      const left = x - l * stride
      const top = y - t * stride
      const right = x + r * stride
      const bottom = y + b * stride
      found.push({
        score,
        left,
        top,
        right,
        bottom,
        points: points
          ? points.subarray(10 * anchor, 10 * anchor + 10).map((offset, i) => (i % 2 === 0 ? x : y) + offset * stride)
          : meanFace.map((at, i) => (i % 2 === 0 ? left + at * (right - left) : top + at * (bottom - top))),
      })
    }
  }
  return found
}
