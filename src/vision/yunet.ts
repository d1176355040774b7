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
      const x = (column + (boxes[4 * cell] ?? 0)) * stride
      const y = (row + (boxes[4 * cell + 1] ?? 0)) * stride
      const halfWidth = (Math.exp(boxes[4 * cell + 2] ?? 0) * stride) / 2
      const halfHeight = (Math.exp(boxes[4 * cell + 3] ?? 0) * stride) / 2
      // Not by `subarray` and `map`, which make more garbage than all else that is done for a picture.
      const landmarks = new Float32Array(10)
      for (let i = 0; i < 10; i++) landmarks[i] = ((points[10 * cell + i] ?? 0) + (i % 2 === 0 ? column : row)) * stride
      found.push({
        score: Math.sqrt(squared),
        left: x - halfWidth,
        top: y - halfHeight,
        right: x + halfWidth,
        bottom: y + halfHeight,
        points: landmarks,
      })
    }
  }
  return found
}
