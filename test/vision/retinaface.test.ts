import { describe, expect, it } from 'vitest'
import { decodeRetinaface } from '../../src/vision/retinaface.ts'

// 32×32 canvas: stride 16 has 2×2 cells with two priors (10 and 20 pixels), stride 32 one cell with one (64).
const grid = { width: 32, height: 32, strides: [16, 32], minSizes: [[10, 20], [64]], variances: [0.1, 0.2] } as const

const outputs = (prior: number, box: readonly number[], points: readonly number[]) => {
  const scores = new Float32Array(18)
  const boxes = new Float32Array(36)
  const landmarks = new Float32Array(90)
  scores.set([0.1, 0.9], 2 * prior)
  boxes.set(box, 4 * prior)
  landmarks.set(points, 10 * prior)
  return { scores, boxes, points: landmarks }
}

const rounded = (values: ArrayLike<number>): number[] => Array.from(values, (value) => Math.round(value * 1000) / 1000)

describe('decodeRetinaface', () => {
  it('moves and scales the prior of the right stride, cell and size', () => {
    // Prior 5: stride 16, cell 2 (column 0, row 1), side 20, centre (8, 24).
    const [face] = decodeRetinaface(
      outputs(5, [1, -2, 5 * Math.log(2), 0], [0, 0, 1, 0, 0, 1, -1, 0, 0, -1]),
      grid,
      0.5,
    )
    expect(face?.score).toBeCloseTo(0.9)
    // Centre + 0.1 · 20 · (1, −2) = (10, 20), width 20 · e^(0.2 · 5 ln 2) = 40, height 20.
    expect(rounded([face?.left ?? 0, face?.top ?? 0, face?.right ?? 0, face?.bottom ?? 0])).toEqual([-10, 10, 30, 30])
    expect(rounded(face?.points ?? [])).toEqual([8, 24, 10, 24, 8, 26, 6, 24, 8, 22])
  })

  it('counts the priors of all strides', () => {
    const [face] = decodeRetinaface(
      outputs(
        8,
        [0, 0, 0, 0],
        Array.from({ length: 10 }, () => 0),
      ),
      grid,
      0.5,
    )
    expect(rounded([face?.left ?? 0, face?.right ?? 0, face?.top ?? 0, face?.bottom ?? 0])).toEqual([-16, 48, -16, 48])
  })

  it('ignores what scores below the limit', () => {
    expect(
      decodeRetinaface(
        outputs(
          0,
          [0, 0, 0, 0],
          Array.from({ length: 10 }, () => 0),
        ),
        grid,
        0.95,
      ),
    ).toEqual([])
  })
})
