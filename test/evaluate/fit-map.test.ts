import { describe, expect, it } from 'vitest'
import { compareSpaces } from '../../src/evaluate/compare-spaces.ts'
import { type FacePair, fitMap } from '../../src/evaluate/fit-map.ts'
import { mapped } from '../../src/math/mapped.ts'
import { type Matrix, times } from '../../src/math/matrix.ts'
import { gaussianFrom, seededRandom } from '../../src/math/seeded-random.ts'
import { dot, unit } from '../../src/math/vector.ts'

const inner = 16

/** Two embedders that see the same faces: each projects what a face is like into a space of its own, with noise of its own. */
const seenByBoth = (
  people: number,
  each: number,
  { from = 32, to = 32, noise = 0.1, isSameSpace = false } = {},
): FacePair[] => {
  const gaussian = gaussianFrom(seededRandom(people))
  const rows = (count: number, length: number) =>
    Array.from({ length: count }, () => Float64Array.from({ length }, gaussian))
  const axesOf = (columns: number): Matrix => ({
    rows: inner,
    columns,
    values: Float64Array.from({ length: inner * columns }, gaussian),
  })
  const oldAxes = axesOf(from)
  const freshAxes = isSameSpace ? oldAxes : axesOf(to)
  const look = (face: Float64Array, axes: Matrix): Float32Array => {
    const clean = unit(times(face, axes)) as Float32Array
    return unit(clean.map((value) => value + (noise * gaussian()) / Math.sqrt(clean.length))) as Float32Array
  }
  return rows(people, inner).flatMap((person, i) =>
    rows(each, inner).map((away) => {
      const face = person.map((value, d) => value + 0.4 * (away[d] ?? 0))
      return { group: `${i}`, old: look(face, oldAxes), fresh: look(face, freshAxes) }
    }),
  )
}

const compared = (pairs: readonly FacePair[]) => {
  const map = fitMap(pairs)
  return {
    map,
    scores: compareSpaces(pairs.map((pair, i) => ({ ...pair, carried: map.heldOut[i] as Float32Array }))),
  }
}

describe('a map from one embedder to another', () => {
  it.each([
    ['another space', {}],
    ['fewer numbers', { from: 40, to: 28 }],
    ['more numbers', { from: 28, to: 40 }],
  ])('finds people who were not in the fit: %s', (_, how) => {
    const { map, scores } = compared(seenByBoth(60, 5, how))
    expect(map.agreement).toBeGreaterThan(0.95)
    expect(scores.oldOld.val).toBeGreaterThan(0.5)
    expect(scores.newOld.val).toBeGreaterThan(Math.min(scores.oldOld.val, scores.newNew.val) - 0.05)
    expect(scores.newOld.pairs).toEqual({
      same: 2 * scores.oldOld.pairs.same,
      different: 2 * scores.oldOld.pairs.different,
    })
  })

  it('keeps the axes of related models where a few faces say nothing about them', () => {
    const few = fitMap(seenByBoth(6, 2, { isSameSpace: true }))
    expect(few.prior).toBe('identity')
    expect(few.agreement).toBeGreaterThan(0.95)
  })

  it('is not better than it is: faces of unrelated people do not map', () => {
    const pairs = seenByBoth(40, 3)
    const shuffled = pairs.map((pair, i) => ({ ...pair, fresh: pairs[(i + 60) % pairs.length]?.fresh as Float32Array }))
    const { map, scores } = compared(shuffled)
    expect(map.agreement).toBeLessThan(0.4)
    expect(scores.newOld.val).toBeLessThan(0.1)
  })

  it('gives unit vectors, also of what no face has shown', () => {
    const { matrix } = fitMap(seenByBoth(20, 3, { from: 40, noise: 0 }))
    for (const old of [new Float32Array(40), Float32Array.from({ length: 40 }, (_, i) => (i === 3 ? 1 : 0))])
      expect(dot(mapped(old, matrix), mapped(old, matrix))).toBeCloseTo(1, 5)
  })

  it('is the same each time', () => {
    const pairs = seenByBoth(8, 2)
    expect(fitMap(pairs)).toEqual(fitMap(pairs))
  })
})
