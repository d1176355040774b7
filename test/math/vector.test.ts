import { expect, it } from 'vitest'
import { unit } from '../../src/math/vector.ts'

it('scales to length 1 and gives null for what has no direction', () => {
  expect(Array.from(unit(Float32Array.of(3, 4)) ?? [], (value) => Math.round(value * 1e6) / 1e6)).toEqual([0.6, 0.8])
  expect(unit(new Float32Array(4))).toBeNull()
  expect(unit(Float32Array.of(Number.NaN, 1))).toBeNull()
  expect(unit([Number.POSITIVE_INFINITY, 1])).toBeNull()
})
