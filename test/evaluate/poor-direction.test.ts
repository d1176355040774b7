import { describe, expect, it } from 'vitest'
import { poorDirection } from '../../src/evaluate/poor-direction.ts'
import { gaussianFrom, seededRandom } from '../../src/math/seeded-random.ts'
import { dot, unit } from '../../src/math/vector.ts'

const quality = { overall: 1, sizePx: 112, sharpness: 1, yaw: 0 }
const dimensions = 64
const gaussian = gaussianFrom(seededRandom(5))
const direction = () => unit(Float32Array.from({ length: dimensions }, gaussian)) as Float32Array
const common = direction()

/** Photos of as many people, and the same ones spoilt: what is their own fades, and all get something of `common`. */
const photosOf = (count: number) => {
  const photo = (i: number, embedding: Float32Array, how: 'found' | 'centred' = 'found') => ({
    file: `${i}.jpg`,
    how,
    views: [{ embedding, quality }],
  })
  const clear = Array.from({ length: count }, (_, i) => photo(i, direction()))
  const spoilt = clear.map(({ views: [view] }, i) => {
    const noise = direction()
    const sum = common.map((value, d) => (view?.embedding[d] ?? 0) + 0.7 * value + 0.8 * (noise[d] ?? 0))
    return photo(i, unit(sum) as Float32Array)
  })
  return { clear, spoilt, photo }
}

describe('poorDirection', () => {
  it('finds what the poor pictures have in common, at unit length', () => {
    const { clear, spoilt } = photosOf(400)
    const found = poorDirection(clear, spoilt) ?? []
    expect(found).toHaveLength(dimensions)
    expect(dot(found, found)).toBeCloseTo(1, 2)
    expect(dot(found, common)).toBeGreaterThan(0.9)
  })

  it('pairs photos by their files, and leaves out those in which no face was found', () => {
    const { clear, spoilt, photo } = photosOf(120)
    const found = poorDirection(clear, spoilt)
    expect(poorDirection(clear, spoilt.toReversed())).toEqual(found)
    const other = unit(Float32Array.from({ length: dimensions }, (_, i) => (i === 0 ? 1 : 0))) as Float32Array
    const faceless = Array.from({ length: 500 }, (_, i) => photo(1000 + i, other, 'centred'))
    expect(poorDirection([...clear, ...faceless], [...spoilt, ...faceless])).toEqual(found)
  })

  it('says nothing of few photos', () => {
    const { clear, spoilt } = photosOf(99)
    expect(poorDirection(clear, spoilt)).toBeNull()
    expect(poorDirection([], [])).toBeNull()
  })
})
