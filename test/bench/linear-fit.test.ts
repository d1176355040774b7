import { expect, test } from 'vitest'
import { linearFit } from '../../bench/linear-fit.ts'

test('points on a line', () => {
  const { at0, slope, r2 } = linearFit([1, 2, 4, 8].map((x) => [x, 3 + 0.5 * x]))
  expect([at0, slope, r2].map((value) => Math.round(1e9 * value) / 1e9)).toEqual([3, 0.5, 1])
})

test('points off a line', () => {
  const { at0, slope, r2 } = linearFit([
    [0, 0],
    [1, 1],
    [2, 0],
  ])
  expect(slope).toBe(0)
  expect(at0).toBeCloseTo(1 / 3)
  expect(r2).toBe(0)
})
