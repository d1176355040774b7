import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Landmarks, Point } from '../../src/types.ts'
import {
  apply,
  cropToPicture,
  fitSimilarity,
  invert,
  type SimilarityTransform,
  visibleShare,
} from '../../src/vision/align.ts'
import { knownModels } from '../../src/vision/known-models.ts'

const descriptor = knownModels.find((known) => known.descriptor.kind === 'embedder')?.descriptor
const template = descriptor?.kind === 'embedder' ? descriptor.template : []
const ideal = template.map(([x, y]) => ({ x, y }))

const similarity = fc
  .record({
    scale: fc.double({ min: 0.05, max: 20, noNaN: true }),
    angle: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
    tx: fc.double({ min: -1000, max: 1000, noNaN: true }),
    ty: fc.double({ min: -1000, max: 1000, noNaN: true }),
  })
  .map(
    ({ scale, angle, tx, ty }): SimilarityTransform => ({
      a: scale * Math.cos(angle),
      b: scale * Math.sin(angle),
      tx,
      ty,
    }),
  )

const errorOf = (to: SimilarityTransform, from: readonly Point[], target: readonly Point[]): number =>
  from.reduce((sum, { x, y }, i) => {
    const at = apply(to, x, y)
    return sum + (at.x - (target[i]?.x ?? 0)) ** 2 + (at.y - (target[i]?.y ?? 0)) ** 2
  }, 0)

describe('fitSimilarity', () => {
  it('recovers any similarity exactly', () => {
    fc.assert(
      fc.property(similarity, (wanted) => {
        const moved = ideal.map(({ x, y }) => apply(wanted, x, y))
        const found = fitSimilarity(ideal, moved)
        expect(found?.a).toBeCloseTo(wanted.a, 8)
        expect(found?.b).toBeCloseTo(wanted.b, 8)
        expect(found?.tx).toBeCloseTo(wanted.tx, 6)
        expect(found?.ty).toBeCloseTo(wanted.ty, 6)
      }),
    )
  })

  it('is the least-squares one: any other is worse', () => {
    const nudge = fc.double({ min: -0.1, max: 0.1, noNaN: true })
    const jitter = fc.array(fc.double({ min: -8, max: 8, noNaN: true }), { minLength: 10, maxLength: 10 })
    fc.assert(
      fc.property(similarity, jitter, nudge, nudge, nudge, nudge, (base, noise, a, b, x, y) => {
        const target = ideal.map((point, i) => {
          const at = apply(base, point.x, point.y)
          return { x: at.x + (noise[2 * i] ?? 0), y: at.y + (noise[2 * i + 1] ?? 0) }
        })
        const best = fitSimilarity(ideal, target) as SimilarityTransform
        const other = { a: best.a + a, b: best.b + b, tx: best.tx + 10 * x, ty: best.ty + 10 * y }
        expect(errorOf(best, ideal, target)).toBeLessThanOrEqual(errorOf(other, ideal, target) + 1e-6)
      }),
    )
  })

  it('never mirrors, even when that would fit better', () => {
    const mirrored = ideal.map(({ x, y }) => ({ x: -x, y }))
    const { a, b } = fitSimilarity(ideal, mirrored) as SimilarityTransform
    // Rotation and scale only: the determinant a² + b² is positive by construction, and the fit stays bad.
    expect(errorOf(fitSimilarity(ideal, mirrored) as SimilarityTransform, ideal, mirrored)).toBeGreaterThan(100)
    expect(a * a + b * b).toBeGreaterThan(0)
  })

  it('gives null for what is no face', () => {
    const point = { x: 5, y: 5 }
    expect(fitSimilarity([point, point, point, point, point], ideal)).toBeNull()
    expect(fitSimilarity([{ x: Number.NaN, y: 0 }, ...ideal.slice(1)], ideal)).toBeNull()
  })
})

describe('invert', () => {
  it('goes back', () => {
    fc.assert(
      fc.property(similarity, fc.integer({ min: -500, max: 500 }), (to, x) => {
        const there = apply(to, x, 7)
        const back = apply(invert(to), there.x, there.y)
        expect(back.x).toBeCloseTo(x, 5)
        expect(back.y).toBeCloseTo(7, 5)
      }),
    )
  })
})

describe('cropToPicture', () => {
  it('takes the template to the landmarks, which are fractions of the picture', () => {
    const at = (x: number, y: number): Point => ({ x: (200 + 2 * x) / 1920, y: (100 + 2 * y) / 1080 })
    const landmarks = ideal.map(({ x, y }) => at(x, y)) as unknown as Landmarks
    const map = cropToPicture(landmarks, template, { width: 1920, height: 1080 }) as SimilarityTransform
    expect(map.a).toBeCloseTo(2)
    expect(map.b).toBeCloseTo(0)
    expect(apply(map, 0, 0).x).toBeCloseTo(200)
    expect(apply(map, 0, 0).y).toBeCloseTo(100)
  })
})

describe('visibleShare', () => {
  const picture = { width: 640, height: 480 }
  it.each([
    ['inside', { tx: 100, ty: 100 }, 1],
    ['half over the left edge', { tx: -56, ty: 100 }, 0.5],
    ['a quarter left in a corner', { tx: 640 - 56, ty: 480 - 56 }, 0.25],
    ['outside', { tx: 700, ty: 100 }, 0],
  ])('of a crop %s', (_, at, share) => {
    expect(visibleShare({ a: 1, b: 0, ...at }, 112, picture)).toBe(share)
  })
})
