import { describe, expect, it } from 'vitest'
import { decodeYunet, type YunetLevel } from '../../src/vision/yunet.ts'

/** 3 columns × 2 rows of stride 16, with one face in the cell at column 2, row 1. */
const level = (change: Partial<YunetLevel> = {}): YunetLevel => {
  const classScore = new Float32Array(6)
  const objectScore = new Float32Array(6)
  const boxes = new Float32Array(24)
  const points = new Float32Array(60)
  classScore[5] = 0.9
  objectScore[5] = 0.4
  boxes.set([0.25, -0.5, Math.log(2), Math.log(3)], 20)
  points.set([0, 0, 1, 0, 0.5, 0.5, 0, 1, 1, 1], 50)
  return { stride: 16, columns: 3, classScore, objectScore, boxes, points, ...change }
}

describe('decodeYunet', () => {
  it('gives box, score and landmarks in canvas pixels', () => {
    const [face, ...rest] = decodeYunet([level()], 0.5)
    expect(rest).toEqual([])
    expect(face?.score).toBeCloseTo(0.6) // √(0.9 · 0.4)
    // Centre (2.25 · 16, 0.5 · 16) = (36, 8), size 32 × 48.
    expect([face?.left, face?.top, face?.right, face?.bottom].map((v) => Math.round((v ?? 0) * 100) / 100)).toEqual([
      20, -16, 52, 32,
    ])
    expect(Array.from(face?.points ?? [])).toEqual([32, 16, 48, 16, 40, 24, 32, 32, 48, 32])
  })

  it('ignores what scores below the limit, and is not fooled by scores outside 0–1', () => {
    expect(decodeYunet([level()], 0.61)).toEqual([])
    const classScore = Float32Array.from([0, 0, 0, 0, 0, 4])
    expect(decodeYunet([level({ classScore })], 0.6)[0]?.score).toBeCloseTo(Math.sqrt(0.4))
    expect(decodeYunet([level({ classScore: new Float32Array(6).fill(Number.NaN) })], 0.6)).toEqual([])
  })

  it('joins the strides', () => {
    expect(
      decodeYunet([level(), level({ stride: 32 })], 0.5).map(({ right, left }) => Math.round(right - left)),
    ).toEqual([32, 64])
  })
})
