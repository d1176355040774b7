import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assign } from '../../src/math/assignment.ts'

const total = (cost: Float64Array, columns: number, limit: number, pairs: ArrayLike<number>): number => {
  let sum = 0
  for (let row = 0; row < pairs.length; row++) {
    const column = pairs[row] as number
    if (column >= 0) sum += (cost[row * columns + column] as number) - limit
  }
  return sum
}

/** The least sum over all ways to pair rows with columns, by trying every one. */
const bruteForce = (cost: Float64Array, rows: number, columns: number, limit: number, row = 0, used = 0): number => {
  if (row === rows) return 0
  let best = bruteForce(cost, rows, columns, limit, row + 1, used)
  for (let column = 0; column < columns; column++) {
    if (used & (1 << column)) continue
    const gain = (cost[row * columns + column] as number) - limit
    if (gain < 0) best = Math.min(best, gain + bruteForce(cost, rows, columns, limit, row + 1, used | (1 << column)))
  }
  return best
}

const problem = fc
  .record({
    rows: fc.integer({ min: 0, max: 6 }),
    columns: fc.integer({ min: 0, max: 6 }),
    limit: fc.integer({ min: 0, max: 20 }),
  })
  .chain(({ rows, columns, limit }) =>
    fc
      .array(
        fc.oneof(
          { weight: 9, arbitrary: fc.integer({ min: 0, max: 20 }) },
          { weight: 1, arbitrary: fc.constant(Infinity) },
        ),
        {
          minLength: rows * columns,
          maxLength: rows * columns,
        },
      )
      .map((cost) => ({ rows, columns, limit: limit + 0.5, cost: Float64Array.from(cost) })),
  )

describe('assign', () => {
  it('costs as little as the best of all pairings', () => {
    fc.assert(
      fc.property(problem, ({ rows, columns, limit, cost }) => {
        const pairs = assign(cost, rows, columns, limit)
        expect(pairs).toHaveLength(rows)
        expect(total(cost, columns, limit, pairs)).toBeCloseTo(bruteForce(cost, rows, columns, limit), 9)
      }),
      { numRuns: 2000 },
    )
  })

  it('uses no column twice and makes no pair at or above the limit', () => {
    fc.assert(
      fc.property(problem, ({ rows, columns, limit, cost }) => {
        const pairs = Array.from(assign(cost, rows, columns, limit))
        const used = pairs.filter((column) => column >= 0)
        expect(new Set(used).size).toBe(used.length)
        for (const [row, column] of pairs.entries())
          if (column >= 0) expect(cost[row * columns + column]).toBeLessThan(limit)
      }),
    )
  })

  it('prefers two fair pairs to one good one that blocks them', () => {
    expect(Array.from(assign(Float64Array.from([0.1, 0.2, 0.2, 0.9]), 2, 2, 1))).toEqual([1, 0])
  })

  it('leaves a pair that is beyond the gate alone, even when it is the only one', () => {
    expect(Array.from(assign(Float64Array.from([0.9]), 1, 1, 0.85))).toEqual([-1])
  })

  it('solves a problem of 300 by 400 in time that a frame has', () => {
    let seed = 1
    const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647
    const cost = Float64Array.from({ length: 300 * 400 }, random)
    const before = performance.now()
    const pairs = assign(cost, 300, 400, 2)
    expect(pairs.every((column) => column >= 0)).toBe(true)
    // Cubic at 300 is some 20 ms; anything exponential, or n⁴, would take minutes.
    expect(performance.now() - before).toBeLessThan(5000)
  })
})
