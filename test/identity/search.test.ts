import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSearch, type Neighbour, type Search } from '../../src/identity/search/search.ts'
import { dot } from '../../src/math/vector.ts'
import { direction, near, randomFrom } from './support/faces.ts'

const anybody = () => true

/** Every vector compared, in double precision. */
const bruteForce = (
  all: ReadonlyMap<number, Float32Array>,
  query: Float32Array,
  allowed: (key: number) => boolean = anybody,
) =>
  [...all]
    .filter(([key]) => allowed(key))
    .map(([key, vector]): Neighbour => ({ key, similarity: dot(vector, query) }))
    .sort((a, b) => b.similarity - a.similarity || a.key - b.key)

/** Places within float32's rounding of each other may be swapped, and similarities differ by as much. */
const expectSame = (found: readonly Neighbour[], expected: readonly Neighbour[]): void => {
  expect(found.length).toBe(expected.length)
  for (const [i, { key, similarity }] of found.entries()) {
    expect(similarity).toBeCloseTo(expected[i]?.similarity ?? 9, 5)
    if (key !== expected[i]?.key)
      expect(expected.some((other) => other.key === key) || i === found.length - 1, `${key}`).toBe(true)
  }
}

const filled = (search: Search, count: number, random: () => number, dimensions = 128): Map<number, Float32Array> => {
  const all = new Map<number, Float32Array>()
  for (let key = 0; key < count; key++) {
    const vector = direction(random, dimensions)
    all.set(key, vector)
    search.set(key, vector)
  }
  return all
}

describe('createSearch', () => {
  it('equals brute force after any additions, replacements and deletions', () => {
    const step = fc.record({
      what: fc.constantFrom('set', 'set', 'delete', 'ask'),
      key: fc.integer({ min: 0, max: 40 }),
      seed: fc.integer({ min: 1, max: 30 }),
      count: fc.integer({ min: 0, max: 6 }),
      odd: fc.boolean(),
    })
    const run = fc.record({
      dimensions: fc.constantFrom(1, 2, 3, 16, 17, 128),
      exactUpTo: fc.constantFrom(0, 10, 1000),
      steps: fc.array(step, { maxLength: 60 }),
    })
    fc.assert(
      fc.property(run, ({ dimensions, exactUpTo, steps }) => {
        const search = createSearch(dimensions, { exactUpTo })
        const all = new Map<number, Float32Array>()
        for (const { what, key, seed, count, odd } of steps) {
          const vector = direction(randomFrom(seed), dimensions)
          const allowed = (other: number): boolean => !odd || other % 2 === 1
          if (what === 'set') {
            search.set(key, vector)
            all.set(key, vector)
          } else if (what === 'delete') {
            search.delete(key)
            all.delete(key)
          } else expectSame(search.nearest(vector, count, allowed), bruteForce(all, vector, allowed).slice(0, count))
          expect(search.size).toBe(all.size)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('sorts equals by key', () => {
    const search = createSearch(4)
    const same = Float32Array.of(0.5, 0.5, 0.5, 0.5)
    for (const key of [9, 4, 7, 2, 5]) search.set(key, same)
    search.delete(9)
    search.set(1, Float32Array.of(1, 0, 0, 0))
    expect(search.nearest(same, 3, (key) => key !== 4)).toEqual([2, 5, 7].map((key) => ({ key, similarity: 1 })))
  })

  it('keeps a copy of each vector, and shares nothing with another search', () => {
    const [search, other] = [createSearch(2), createSearch(2)]
    const vector = Float32Array.of(1, 0)
    search.set(1, vector)
    vector[0] = 0
    other.set(2, Float32Array.of(0, 1))
    expect(search.nearest(Float32Array.of(1, 0), 5, anybody)).toEqual([{ key: 1, similarity: 1 }])
  })

  it('refuses vectors of another length', () => {
    const search = createSearch(128)
    expect(() => search.set(1, new Float32Array(64))).toThrow(/128 numbers, found 64/)
    search.set(1, direction(randomFrom(1)))
    expect(() => search.nearest(new Float32Array(512), 1, anybody)).toThrow(/128 numbers, found 512/)
  })
})

describe('createSearch beyond exactUpTo', () => {
  const people = 6000
  const random = randomFrom(7)
  const search = createSearch(128, { exactUpTo: 1000 })
  const all = filled(search, people, random)
  const queries = Array.from({ length: 150 }, (_, i) => {
    // Single faces, whose cosine to their person is about .45 to .95, and of strangers.
    const key = Math.floor(random() * people)
    return i % 5 === 0
      ? direction(random)
      : near(all.get(key) as Float32Array, [0.33, 0.6, 1, 2][i % 4] as number, random)
  })

  it('equals brute force for 99 of 100 queries', () => {
    const missed = queries.filter(
      (query) => search.nearest(query, 2, anybody)[0]?.key !== bruteForce(all, query)[0]?.key,
    )
    expect(missed.length).toBeLessThanOrEqual(queries.length / 100)
  })

  it('widens the search until enough are allowed', () => {
    for (const query of queries.slice(0, 10)) {
      // One in a thousand, whom the first candidates do not have among them.
      const rare = (key: number): boolean => key % 1000 === 13
      expectSame(search.nearest(query, 3, rare), bruteForce(all, query, rare).slice(0, 3))
      expect(search.nearest(query, 3, () => false)).toEqual([])
    }
  })

  it('gives bit-identical answers after the same calls', () => {
    const play = () => {
      const again = createSearch(128, { exactUpTo: 1000 })
      filled(again, 3000, randomFrom(3))
      for (let key = 0; key < 3000; key += 7) again.delete(key)
      for (let key = 1; key < 3000; key += 5) again.set(key, direction(randomFrom(key)))
      return queries.map((query) => again.nearest(query, 4, anybody))
    }
    expect(play()).toEqual(play())
  })

  it('finds replaced vectors, and no deleted ones', () => {
    const moving = createSearch(128, { exactUpTo: 100 })
    const [one, other] = [direction(randomFrom(91)), direction(randomFrom(92))]
    filled(moving, 5000, randomFrom(5))
    moving.set(4000, one)
    expect(moving.nearest(one, 1, anybody)[0]?.key).toBe(4000)
    moving.set(4000, other)
    expect(moving.nearest(one, 1, anybody)[0]?.key).not.toBe(4000)
    expect(moving.nearest(other, 1, anybody)[0]?.key).toBe(4000)
    moving.delete(4000)
    expect(moving.nearest(other, 1, anybody)[0]?.key).not.toBe(4000)
    expect(moving.nearest(other, 1, anybody)[0]?.similarity).toBeLessThan(0.7)
  })
})
