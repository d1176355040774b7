import type { Candidate } from './candidate.ts'

/**
 * RetinaFace's outputs for one picture. One stride follows the other; cells are row-major, with the priors of a cell
 * next to each other.
 */
export interface RetinafaceOutputs {
  /** 4 for each prior: offsets of the centre, logarithms of the size. */
  readonly boxes: Float32Array
  /** 2 for each prior: background, face; 0–1. */
  readonly scores: Float32Array
  /** 10 for each prior: offsets of the five landmarks. */
  readonly points: Float32Array
}

/** The priors on one canvas. */
export interface RetinafaceGrid {
  /** Canvas size in pixels, a multiple of every stride. */
  readonly width: number
  readonly height: number
  readonly strides: readonly number[]
  /** Sides of the square priors of each stride, pixels. */
  readonly minSizes: readonly (readonly number[])[]
  /** Scales of the offsets, and of the logarithms of the size. */
  readonly variances: readonly [number, number]
}

/**
 * Decodes RetinaFace (Deng et al. 2019) as SSD does: offsets from square priors at the cells' centres. Candidates are
 * in canvas pixels, unsorted.
 */
export const decodeRetinaface = (outputs: RetinafaceOutputs, grid: RetinafaceGrid, minScore: number): Candidate[] => {
  const found: Candidate[] = []
  const [near, size] = grid.variances
  let first = 0
  for (const [level, stride] of grid.strides.entries()) {
    const sides = grid.minSizes[level] ?? []
    const columns = grid.width / stride
    const count = columns * (grid.height / stride) * sides.length
    for (let prior = first; prior < first + count; prior++) {
      const score = outputs.scores[2 * prior + 1] ?? 0
      if (!(score >= minScore)) continue
      const side = sides[(prior - first) % sides.length] ?? 0
      const cell = Math.floor((prior - first) / sides.length)
      const x = ((cell % columns) + 0.5) * stride
      const y = (Math.floor(cell / columns) + 0.5) * stride
      const [dx = 0, dy = 0, w = 0, h = 0] = outputs.boxes.subarray(4 * prior, 4 * prior + 4)
      const centreX = x + dx * near * side
      const centreY = y + dy * near * side
      const halfWidth = (side * Math.exp(w * size)) / 2
      const halfHeight = (side * Math.exp(h * size)) / 2
      found.push({
        score,
        left: centreX - halfWidth,
        top: centreY - halfHeight,
        right: centreX + halfWidth,
        bottom: centreY + halfHeight,
        points: outputs.points
          .subarray(10 * prior, 10 * prior + 10)
          .map((offset, i) => (i % 2 === 0 ? x : y) + offset * near * side),
      })
    }
    first += count
  }
  return found
}
