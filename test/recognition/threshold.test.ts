import { describe, expect, it } from 'vitest'
import { compareFaces } from '../../src/recognition/compare.ts'
import { probabilityOf, thresholdAt } from '../../src/recognition/threshold.ts'
import type { Calibration } from '../../src/vision/calibration.ts'

const spread = { mean: 0, standardDeviation: 1, median: 0 }
const calibration: Calibration = {
  sha256: '0'.repeat(64),
  people: 7,
  photos: 21,
  pairs: { same: 21, different: 189 },
  slope: 20,
  midpoint: 0.4,
  eer: 0.01,
  fars: [
    { targetFar: 0.01, cosine: 0.3, val: 0.99, far: 0.009 },
    { targetFar: 0.001, cosine: 0.45, val: 0.97, far: 0 },
  ],
  same: spread,
  different: spread,
}
const embedder = { name: 'small', threshold: 0.36 }

describe('thresholdAt', () => {
  it('is that of the calibration at the rate, and says what it was measured on', () => {
    expect(thresholdAt(calibration, embedder, undefined)).toEqual({
      cosine: 0.45,
      distance: 1.1,
      measured: { far: 0.001, val: 0.97, people: 7, photos: 21 },
    })
    expect(thresholdAt(calibration, embedder, 0.01).cosine).toBe(0.3)
  })

  it('is that of the descriptor without a calibration, and claims no rate', () => {
    expect(thresholdAt(null, embedder, undefined)).toEqual({ cosine: 0.36, distance: 1.28, measured: null })
  })

  it('names the rates that there are, or that there is none', () => {
    expect(() => thresholdAt(calibration, embedder, 0.5)).toThrow(
      /--far 0.5: the calibration of small does not have it/,
    )
    expect(() => thresholdAt(null, embedder, 0.01)).toThrow(/small has no calibration/)
  })
})

describe('compareFaces', () => {
  const [a, b] = [Float32Array.of(1, 0), Float32Array.of(0.6, 0.8)]
  const judging = (cosine: number) => ({
    calibration,
    threshold: { ...thresholdAt(calibration, embedder, 0.01), cosine },
  })

  it('gives cosine, squared distance and probability, and is strict at the threshold', () => {
    const { same, cosine, distance, probability } = compareFaces({ embedding: a }, { embedding: b }, judging(0.5))
    expect([same, cosine, distance]).toEqual([true, expect.closeTo(0.6), expect.closeTo(0.8)])
    expect(probability).toBeCloseTo(1 / (1 + Math.exp(-4)))
    expect(compareFaces({ embedding: a }, { embedding: a }, judging(1)).same).toBe(false)
  })

  it('has no probability without a calibration', () => expect(probabilityOf(null, 0.9)).toBeNull())
})
