import { describe, expect, it } from 'vitest'
import { fitLogistic } from '../../src/evaluate/logistic.ts'
import { gaussianFrom, seededRandom } from '../../src/math/seeded-random.ts'

describe('fitLogistic', () => {
  const gaussian = gaussianFrom(seededRandom(4))
  const draw = (mean: number, deviation: number, count: number) =>
    Array.from({ length: count }, () => mean + deviation * gaussian())

  it('finds what two normal distributions of one width imply, however unequal their numbers', () => {
    // The log odds of N(.7, .1) and N(.3, .1) are linear: (.7 − .3) / .1² · (x − .5).
    const { slope, midpoint } = fitLogistic(draw(0.7, 0.1, 2_000), draw(0.3, 0.1, 60_000))
    expect(midpoint).toBeCloseTo(0.5, 1.5)
    expect(slope).toBeGreaterThan(35)
    expect(slope).toBeLessThan(45)
  })

  it('stays finite where a threshold separates the classes', () => {
    const { slope, midpoint } = fitLogistic([0.6, 0.7, 0.8], [0.1, 0.2, 0.3])
    expect(midpoint).toBeCloseTo(0.45, 6)
    expect(slope).toBeGreaterThan(1)
    expect(slope).toBeLessThan(100)
  })

  it('has no positive slope where the classes are the wrong way round, or the same', () => {
    expect(fitLogistic([0.1, 0.2], [0.8, 0.9]).slope).toBeLessThan(0)
    expect(Math.abs(fitLogistic([0.5, 0.5], [0.5, 0.5]).slope)).toBeLessThan(1e-6)
  })
})
