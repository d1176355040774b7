import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scoreClustering } from '../../src/evaluate/clustering.ts'
import { type Fraction, fraction, toNumber } from '../../src/evaluate/fraction.ts'

const labelled = fc.array(
  fc.record({ truth: fc.constantFrom('A', 'B', 'C', 'D', 'E'), predicted: fc.constantFrom('1', '2', '3', '4', '5') }),
  {
    minLength: 1,
    maxLength: 40,
  },
)

/** BCubed by its definition, face by face. */
const bcubedByHand = (faces: readonly { truth: string; predicted: string }[]) => {
  const of = (key: 'truth' | 'predicted') =>
    faces.reduce((sum, face) => {
      const same = faces.filter((other) => other[key] === face[key])
      return sum + same.filter((o) => o.truth === face.truth && o.predicted === face.predicted).length / same.length
    }, 0) / faces.length
  return { precision: of('predicted'), recall: of('truth') }
}

describe('scoreClustering', () => {
  it('is BCubed by its definition', () => {
    fc.assert(
      fc.property(labelled, (faces) => {
        const { precision, recall } = bcubedByHand(faces)
        const { bcubedP, bcubedR } = scoreClustering(faces)
        expect(bcubedP).toBeCloseTo(precision, 12)
        expect(bcubedR).toBeCloseTo(recall, 12)
      }),
    )
  })

  it('depends neither on order nor on names', () => {
    fc.assert(
      fc.property(labelled, (faces) => {
        const renamed = faces.map(({ truth, predicted }) => ({ truth: `x${truth}`, predicted: `y${predicted}` }))
        const { nmi, homogeneity, completeness, ...exact } = scoreClustering(faces)
        const { nmi: n, homogeneity: h, completeness: c, ...other } = scoreClustering(renamed.toReversed())
        expect(other).toEqual(exact)
        expect([n, h, c].every((value, i) => Math.abs(value - ([nmi, homogeneity, completeness][i] ?? 9)) < 1e-9)).toBe(
          true,
        )
      }),
    )
  })

  it('turns precision into recall when truth and prediction change places', () => {
    fc.assert(
      fc.property(labelled, (faces) => {
        const there = scoreClustering(faces)
        const back = scoreClustering(faces.map(({ truth, predicted }) => ({ truth: predicted, predicted: truth })))
        expect([back.bcubedP, back.pairP, back.bcubedF]).toEqual([there.bcubedR, there.pairR, there.bcubedF])
        expect(back.nmi).toBeCloseTo(there.nmi, 9)
        expect(back.ari).toBeCloseTo(there.ari, 9)
      }),
    )
  })

  it('is 1 for the truth itself, and between 0 and 1 always', () => {
    fc.assert(
      fc.property(labelled, (faces) => {
        const perfect = scoreClustering(faces.map(({ truth }) => ({ truth, predicted: `id ${truth}` })))
        for (const key of ['bcubedF', 'pairF', 'nmi', 'wcp', 'ari', 'idsPerPerson'] as const)
          expect(perfect[key], key).toBeCloseTo(1, 12)
        const { bcubedF, pairF, nmi, wcp } = scoreClustering(faces)
        for (const value of [bcubedF, pairF, nmi, wcp]) {
          expect(value).toBeGreaterThanOrEqual(-1e-12)
          expect(value).toBeLessThanOrEqual(1 + 1e-12)
        }
      }),
    )
  })

  it('never gains precision by joining two clusters', () => {
    fc.assert(
      fc.property(labelled, (faces) => {
        const merged = faces.map((face) => (face.predicted === '2' ? { ...face, predicted: '1' } : face))
        expect(scoreClustering(merged).bcubedP).toBeLessThanOrEqual(scoreClustering(faces).bcubedP + 1e-12)
        expect(scoreClustering(merged).bcubedR).toBeGreaterThanOrEqual(scoreClustering(faces).bcubedR - 1e-12)
      }),
    )
  })
})

describe('fraction', () => {
  it('becomes the nearest double', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1 }), (a, b) => {
        expect(toNumber(fraction(a, b))).toBe(a / b)
      }),
    )
    const huge: Fraction = { above: 10n ** 400n, below: 3n * 10n ** 400n }
    expect(toNumber(huge)).toBe(1 / 3)
  })
})
