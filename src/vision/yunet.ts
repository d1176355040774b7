import type { Candidate } from './candidate.ts'

/**
 * YuNet's outputs for one picture and one stride, row-major over the cells. The two scores are 0–1 and interchangeable.
 */
export interface YunetLevel {
  readonly stride: number
  /** Cells in a row: the canvas's width divided by the stride. */
  readonly columns: number
  readonly classScore: Float32Array
  readonly objectScore: Float32Array
  /** 4 for each cell: offsets of the centre in strides, logarithms of the size. */
  readonly boxes: Float32Array
  /** 10 for each cell: offsets of the five landmarks in strides. */
  readonly points: Float32Array
}

const unit = (value: number): number => Math.min(Math.max(value, 0), 1)

/**
 * Decodes YuNet (Wu, Peng, Yu 2023). The score is √(class · object); the centre and the landmarks are offsets from the
 * cell in strides; the size is exponential. Candidates are in canvas pixels, unsorted.
 */
export const decodeYunet = (levels: readonly YunetLevel[], minScore: number): Candidate[] => {
  const found: Candidate[] = []
  const least = minScore * minScore
  for (const { stride, columns, classScore, objectScore, boxes, points } of levels) {
    for (let cell = 0; cell < classScore.length; cell++) {
      const squared = unit(classScore[cell] ?? 0) * unit(objectScore[cell] ?? 0)
      if (!(squared >= least)) continue
      const column = cell % columns
      const row = (cell - column) / columns
      const [dx = 0, dy = 0, w = 0, h = 0] = boxes.subarray(4 * cell, 4 * cell + 4)
      const x = (column + dx) * stride
      const y = (row + dy) * stride
      const halfWidth = (Math.exp(w) * stride) / 2
      const halfHeight = (Math.exp(h) * stride) / 2
      found.push({
        score: Math.sqrt(squared),
        left: x - halfWidth,
        top: y - halfHeight,
        right: x + halfWidth,
        bottom: y + halfHeight,
        points: points
          .subarray(10 * cell, 10 * cell + 10)
          .map((offset, i) => (offset + (i % 2 === 0 ? column : row)) * stride),
      })
    }
  }
  return found
}
