import { describe, expect, it } from 'vitest'
import { decodeScrfd, type ScrfdLevel } from '../../src/vision/scrfd.ts'

/** 2 columns × 2 rows of stride 8, two anchors a cell: the second anchor of the cell at column 1, row 1. */
const anchor = 7
const level = (): ScrfdLevel => {
  const scores = new Float32Array(8)
  const distances = new Float32Array(32)
  const points = new Float32Array(80)
  scores[anchor] = 0.75
  distances.set([1, 2, 3, 4], 4 * anchor)
  points.set([-0.5, -0.5, 0.5, -0.5, 0, 0, -0.25, 0.5, 0.25, 0.5], 10 * anchor)
  return { stride: 8, columns: 2, anchors: 2, scores, distances, points }
}

describe('decodeScrfd', () => {
  it('measures distances and landmarks from the cell, in strides', () => {
    expect(decodeScrfd([level()], 0.5).map((face) => ({ ...face, points: Array.from(face.points) }))).toEqual([
      {
        score: 0.75,
        // The cell's corner is (8, 8).
        left: 0,
        top: -8,
        right: 32,
        bottom: 40,
        points: [4, 4, 12, 4, 8, 8, 6, 12, 10, 12],
      },
    ])
    expect(decodeScrfd([level()], 0.76)).toEqual([])
  })

  it('puts a mean face into the box when the model has no landmarks', () => {
    const [face] = decodeScrfd([{ ...level(), points: null }], 0.5)
    const points = Array.from(face?.points ?? [])
    // Box from (0, −8), 32 × 48: eyes at 40 % of the height, left of right, the mouth below the nose.
    expect(points[1]).toBeCloseTo(-8 + 0.4 * 48)
    expect((points[0] ?? 0) + (points[2] ?? 0)).toBeCloseTo(32)
    expect(points[7]).toBeGreaterThan(points[5] ?? Number.POSITIVE_INFINITY)
  })
})
