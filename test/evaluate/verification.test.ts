import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { histogramOf, rocOf } from '../../src/evaluate/curves.ts'
import { planPairs } from '../../src/evaluate/pairs.ts'
import { accuracyAt, bestThreshold, equalErrorRate, foldedAccuracy, valAtFar } from '../../src/evaluate/verification.ts'

/** Few different values, so that ties are frequent. */
const distance = fc.integer({ min: 0, max: 16 }).map((value) => value / 4)
const distances = fc.record({
  same: fc.array(distance, { minLength: 1, maxLength: 30 }),
  different: fc.array(distance, { minLength: 1, maxLength: 30 }),
})

describe('valAtFar', () => {
  it('takes the largest impostor distance that keeps to the target, by trying each', () => {
    fc.assert(
      fc.property(distances, fc.constantFrom(0, 0.01, 0.1, 0.25, 0.5), (given, target) => {
        const far = (t: number) => given.different.filter((d) => d < t).length / given.different.length
        const threshold = Math.max(...given.different.filter((t) => far(t) <= target))
        const val = given.same.filter((d) => d < threshold).length / given.same.length
        expect(valAtFar(given, [target])).toEqual([{ targetFar: target, threshold, val, far: far(threshold) }])
      }),
    )
  })
})

describe('bestThreshold', () => {
  it('is as accurate as any threshold', () => {
    fc.assert(
      fc.property(distances, (given) => {
        const { threshold, accuracy } = bestThreshold(given)
        expect(accuracy).toBeCloseTo(accuracyAt(given, threshold), 12)
        for (let t = 0; t <= 4.2; t += 0.125) expect(accuracyAt(given, t)).toBeLessThanOrEqual(accuracy + 1e-12)
      }),
    )
  })
})

describe('foldedAccuracy', () => {
  it('judges a fold by what is best on the others, and gives both spreads', () => {
    const good = { same: [0.2, 0.4], different: [1.6, 1.8] }
    const bad = { same: [1.7, 0.4], different: [0.3, 1.8] }
    const { accuracy, standardDeviation, standardError, folds } = foldedAccuracy([good, good, good, bad])
    expect(folds.map((fold) => fold.accuracy)).toEqual([1, 1, 1, 0.5])
    expect(accuracy).toBe(0.875)
    expect(standardDeviation).toBeCloseTo(0.25, 12)
    expect(standardError).toBeCloseTo(0.125, 12)
  })
})

describe('equalErrorRate', () => {
  it('is 0 for what can be told apart, and a half for what is the same', () => {
    expect(equalErrorRate({ same: [0.1, 0.2], different: [1, 2] }).rate).toBe(0)
    const alike = Array.from({ length: 100 }, (_, i) => i / 25)
    expect(equalErrorRate({ same: alike, different: alike }).rate).toBeCloseTo(0.5, 6)
  })
})

describe('curves', () => {
  it('never fall, and end at 1', () => {
    fc.assert(
      fc.property(distances, (given) => {
        const roc = rocOf(given)
        for (const [i, { far, val }] of roc.entries()) {
          expect(far).toBeGreaterThanOrEqual(roc[i - 1]?.far ?? 0)
          expect(val).toBeGreaterThanOrEqual(roc[i - 1]?.val ?? 0)
        }
        expect(roc.at(-1)).toMatchObject({ far: 1, val: 1 })
        const { same, different } = histogramOf(given)
        const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0)
        expect([sum(same), sum(different)]).toEqual([given.same.length, given.different.length])
      }),
    )
  })
})

describe('planPairs', () => {
  const photos = (people: number, each: number) =>
    Array.from({ length: people * each }, (_, i) => ({ person: `p${Math.floor(i / each)}` }))

  it('keeps every person in one fold when there are enough people', () => {
    const list = photos(40, 10)
    const { folds, byPerson } = planPairs(list, 1)
    expect(byPerson).toBe(true)
    const owners = folds.map(
      ({ same, different }) => new Set([...same, ...different].flat().map((i) => list[i]?.person)),
    )
    expect(owners.reduce((sum, { size }) => sum + size, 0)).toBe(new Set(owners.flatMap((set) => [...set])).size)
    for (const { same, different } of folds) {
      expect(same).toHaveLength(180)
      expect(different).toHaveLength(180)
      expect(same.every(([a, b]) => a !== b && list[a]?.person === list[b]?.person)).toBe(true)
      expect(different.every(([a, b]) => list[a]?.person !== list[b]?.person)).toBe(true)
      expect(new Set([...same, ...different].map(String)).size).toBe(360)
    }
  })

  it('deals the pairs out when there are few people, is balanced, and says so', () => {
    const { folds, byPerson } = planPairs(photos(4, 6), 1)
    expect(byPerson).toBe(false)
    expect(folds.every(({ same, different }) => same.length === different.length && same.length > 0)).toBe(true)
  })

  it('depends on the seed and on nothing else', () => {
    const list = photos(30, 3)
    expect(planPairs(list, 7)).toEqual(planPairs(list, 7))
    expect(planPairs(list, 8)).not.toEqual(planPairs(list, 7))
  })

  it('gives nothing, and no endless search, where there is one person or no second photo', () => {
    expect(planPairs(photos(1, 5), 1).folds.flatMap(({ same }) => same)).toEqual([])
    expect(planPairs(photos(30, 1), 1).folds.flatMap(({ same }) => same)).toEqual([])
  })
})
