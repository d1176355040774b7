import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inOrder } from '../../src/in-order.ts'
import { batchSizesFor, chunksOf } from '../../src/vision/batches.ts'

describe('chunksOf', () => {
  it('fills the largest size, then takes the smallest that holds the rest', () => {
    expect(chunksOf(11, [1, 2, 4])).toEqual([
      { from: 0, count: 4, size: 4 },
      { from: 4, count: 4, size: 4 },
      { from: 8, count: 3, size: 4 },
    ])
    expect(chunksOf(1, [1, 2, 4])).toEqual([{ from: 0, count: 1, size: 1 }])
    expect(chunksOf(0, [1])).toEqual([])
  })

  it('covers every item once, never over size', () => {
    const sizes = fc
      .uniqueArray(fc.integer({ min: 1, max: 20 }), { minLength: 1 })
      .map((all) => all.sort((a, b) => a - b))
    fc.assert(
      fc.property(fc.nat(100), sizes, (items, allowed) => {
        const chunks = chunksOf(items, allowed)
        expect(chunks.flatMap(({ from, count }) => Array.from({ length: count }, (_, i) => from + i))).toEqual(
          Array.from({ length: items }, (_, i) => i),
        )
        for (const { count, size } of chunks) {
          expect(allowed).toContain(size)
          expect(count).toBeLessThanOrEqual(size)
        }
      }),
    )
  })
})

describe('batchSizesFor', () => {
  const free = { most: Number.POSITIVE_INFINITY, fixed: null }
  it('runs one at a time on a CPU and pads to powers of two on a GPU', () => {
    expect(batchSizesFor('auto', 'cpu', free)).toEqual([1])
    expect(batchSizesFor('auto', 'cuda', free)).toEqual([1, 2, 4, 8, 16])
  })
  it('sorts what is configured and respects what the graph allows', () => {
    expect(batchSizesFor([8, 1, 8, 2], 'cpu', free)).toEqual([1, 2, 8])
    expect(batchSizesFor([8, 4], 'cuda', { most: 1, fixed: null })).toEqual([1])
    expect(batchSizesFor('auto', 'cuda', { most: 99, fixed: 3 })).toEqual([3])
  })
})

describe('inOrder', () => {
  it('starts each work when the one before is over, failed or not', async () => {
    const run = inOrder()
    const events: string[] = []
    const first = Promise.withResolvers<string>()
    const a = run(async () => {
      events.push('a starts')
      return await first.promise
    })
    const b = run(async () => {
      events.push('b starts')
      throw new Error('b failed')
    })
    const c = run(async () => {
      events.push('c starts')
      return 3
    })
    await Promise.resolve()
    expect(events).toEqual(['a starts'])
    first.resolve('a')
    expect(await a).toBe('a')
    await expect(b).rejects.toThrow('b failed')
    expect(await c).toBe(3)
    expect(events).toEqual(['a starts', 'b starts', 'c starts'])
  })
})
