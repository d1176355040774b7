import { describe, expect, it } from 'vitest'
import { fitCalibration } from '../../src/evaluate/calibrate.ts'
import { calibrationPage } from '../../src/evaluate/report/calibration.ts'
import { gaussianFrom, seededRandom } from '../../src/math/seeded-random.ts'
import { unit } from '../../src/math/vector.ts'
import { canScale, scaleOf } from '../../src/vision/calibration.ts'

const sha256 = 'a'.repeat(64)
const quality = { overall: 1, sizePx: 112, sharpness: 1, yaw: 0 }
const dimensions = 32

/** Photos that lie `noise` away from their person; with `common` all faces share so much of one direction. */
const photosOf = (people: number, each: number, { noise, common = 0 }: { noise: number; common?: number }) => {
  const gaussian = gaussianFrom(seededRandom(2))
  const direction = () => unit(Float32Array.from({ length: dimensions }, gaussian)) as Float32Array
  const shared = direction()
  return Array.from({ length: people }, (_, person) => ({ person: `${person}`, own: direction() })).flatMap(
    ({ person, own }) =>
      Array.from({ length: each }, () => {
        const off = direction()
        const vector = own.map((value, d) => value + noise * (off[d] ?? 0) + common * (shared[d] ?? 0))
        return { person, views: [{ embedding: unit(vector) as Float32Array, quality }] }
      }),
  )
}

describe('calibrate', () => {
  it('counts pairs, and puts its cosines where the pairs are', () => {
    const result = fitCalibration(photosOf(20, 5, { noise: 0.7 }), sha256)
    expect(result).toMatchObject({ sha256, people: 20, photos: 100, pairs: { same: 200, different: 4750 } })
    expect(result.midpoint).toBeGreaterThan(result.different.mean)
    expect(result.midpoint).toBeLessThan(result.same.mean)
    const cosines = result.fars.map(({ cosine }) => cosine)
    expect(cosines).toEqual(cosines.toSorted((a, b) => a - b))
    for (const { far, targetFar } of result.fars) expect(far).toBeLessThanOrEqual(targetFar)
    expect(calibrationPage(result, 'detector, <embedder>')).toContain('&lt;embedder&gt;')
    expect(calibrationPage(result, '')).not.toMatch(/<script|https?:|NaN|Infinity|undefined/)
  })

  it('brings two models to one scale: their thresholds and genuine medians fall on the same', () => {
    const models = [{ noise: 0.7 }, { noise: 0.5, common: 0.8 }].map((model) =>
      fitCalibration(photosOf(20, 5, model), sha256),
    )
    const [one = [], other = []] = models.map((model) => {
      const { scale, offset } = scaleOf(model)
      return [model.fars[2]?.cosine ?? Number.NaN, model.same.median].map((cosine) => offset + scale * cosine)
    })
    // Before they are far apart.
    expect(Math.abs((models[0]?.fars[2]?.cosine ?? 0) - (models[1]?.fars[2]?.cosine ?? 0))).toBeGreaterThan(0.1)
    expect(other[0]).toBeCloseTo(one[0] ?? 0, 9)
    expect(other[1]).toBeCloseTo(one[1] ?? 0, 9)
  })

  it('leaves a model alone that cannot tell people apart', () => {
    const result = fitCalibration(photosOf(20, 5, { noise: 3 }), sha256)
    expect(canScale(result)).toBe(false)
    expect(scaleOf(result)).toEqual({ scale: 1, offset: 0 })
  })

  it('refuses too few pairs, and labels that say nothing', () => {
    expect(() => fitCalibration(photosOf(5, 2, { noise: 0.5 }), sha256)).toThrow(/5 pairs of one person and 40 of two/)
    const photos = photosOf(50, 1, { noise: 0.5 })
    // Everybody's two photos are as unlike as can be.
    const wrong = photos.flatMap((photo) => [
      photo,
      { ...photo, views: photo.views.map((view) => ({ ...view, embedding: view.embedding.map((value) => -value) })) },
    ])
    expect(() => fitCalibration(wrong, sha256)).toThrow(/no more alike/)
  })
})
