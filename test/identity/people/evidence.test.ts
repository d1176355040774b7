import { describe, expect, it } from 'vitest'
import { clarityOn, comparisonOn, cosineOn, leftOn } from '../../../src/identity/people/evidence.ts'
import { dot, unit } from '../../../src/math/vector.ts'

const at = (...values: number[]): Float32Array => unit(values) as Float32Array
const full = { scale: 1, offset: 0 }
/** Everybody's poor pictures have the fourth number. */
const poor = [0, 0, 0, 1]

describe('comparisonOn', () => {
  it('counts nothing that poor pictures have in common, whoever they show', () => {
    const [one, other] = [at(1, 0, 0, 0.8), at(0, 1, 0, 0.8)].map((mean) => ({ mean, evidence: 0.9 }))
    if (!one || !other) throw new Error('two looks')
    const plain = comparisonOn(full)(one, other)
    const without = comparisonOn({ ...full, poor })(one, other)
    expect(plain.score).toBeGreaterThan(0.4)
    expect(without.score).toBeCloseTo(0, 6)
    expect(without.similarity).toBe(plain.similarity)
  })

  it('finds a person in a poor picture by what is left of it', () => {
    const clear = { mean: at(1, 0.2, 0, 0), evidence: 0.9 }
    const look = { mean: at(1, 0.2, 0, 0.8), evidence: 0.9 }
    expect(cosineOn({ poor })(look.mean, clear.mean)).toBeCloseTo(1, 6)
    expect(cosineOn({})(look.mean, clear.mean)).toBeLessThan(0.8)
  })

  it('says the same in either order, and nothing of what is nothing but poor', () => {
    const [a, b] = [at(1, 0.1, 0.4, 0.5), at(0.3, 1, 0.2, -0.2)]
    const cosineOf = cosineOn({ poor })
    expect(cosineOf(a, b)).toBe(cosineOf(b, a))
    expect(Math.abs(cosineOf(at(0, 0, 0, 1), at(0, 0, 0, 1)))).toBeLessThan(1e-6)
  })
})

describe('leftOn', () => {
  it('leaves vectors whose inner product is the cosine without what poor pictures have in common', () => {
    const [a, b] = [at(1, 0.1, 0.4, 0.5), at(0.3, 1, 0.2, -0.2)]
    const left = leftOn({ poor })
    expect(dot(left(a), left(b))).toBeCloseTo(cosineOn({ poor })(a, b), 6)
    expect(leftOn({})(a)).toBe(a)
    expect(left(at(0, 0, 0, 1)), 'nothing is left').toEqual(at(0, 0, 0, 1))
  })
})

describe('clarityOn', () => {
  it('falls with what a look has of poor pictures', () => {
    const clarity = clarityOn({ poor })
    const clarities = [-0.3, 0.1, 0.2, 0.3, 0.5].map((share) => clarity(at(Math.sqrt(1 - share ** 2), 0, 0, share)))
    expect(clarities.slice(0, 2)).toEqual([1, 1])
    expect(clarities[2]).toBeCloseTo(0.8, 5)
    expect(clarities[3]).toBeCloseTo(0.4, 5)
    expect(clarities[4]).toBe(0)
    expect(clarityOn({})(at(0, 0, 0, 1))).toBe(1)
  })
})
