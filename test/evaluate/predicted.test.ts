import { describe, expect, it } from 'vitest'
import { listPhotos } from '../../src/evaluate/labelled-photos.ts'
import { predicted, qualityPredicts } from '../../src/evaluate/predicted/calibration.ts'
import { type Look, type Looks, lookAtViews } from '../../src/evaluate/predicted/looks.ts'
import { qualityPage } from '../../src/evaluate/report/quality.ts'
import { canCutPhotos, castPhotos } from '../support/cast-photos.ts'
import { loadShippedModels } from '../vision/loading.ts'
import { expectKept } from './kept-scores.ts'

describe('predicted', () => {
  it('is right on the line, whatever the bins hold', () => {
    const { correlation, rankCorrelation, calibrationError, bins } = predicted([
      [0.12, 0.12],
      [0.18, 0.18],
      [0.95, 0.95],
    ])
    expect([correlation, rankCorrelation, calibrationError]).toEqual([
      expect.closeTo(1),
      expect.closeTo(1),
      expect.closeTo(0),
    ])
    expect(bins.map(({ from, looks }) => [from, looks])).toEqual([
      [0.1, 2],
      [0.9, 1],
    ])
  })

  it('compares means of bins by their looks, and ranks by their middle', () => {
    const { calibrationError, rankCorrelation, bins } = predicted([
      [0.21, 0.1],
      [0.23, 0.3],
      [0.25, 0.2],
      [1.2, 0.6],
    ])
    expect(bins[0]).toEqual({ from: 0.2, looks: 3, said: expect.closeTo(0.23), actual: expect.closeTo(0.2) })
    // What lies beyond is in the last bin.
    expect(bins[1]?.from).toBe(0.9)
    expect(calibrationError).toBeCloseTo((3 * 0.03 + 0.6) / 4)
    expect(rankCorrelation).toBeCloseTo(0.8)
    expect(
      predicted([
        [0.5, 0.1],
        [0.5, 0.2],
      ]).correlation,
    ).toBeNull()
  })
})

describe('qualityPredicts', () => {
  const look = (person: string, file: string, kind: Look['kind'], to: readonly number[], quality = 0.5): Look => ({
    person,
    file,
    kind,
    quality,
    expected: 0.5,
    actual: 0.5,
    embedding: Float32Array.from(to),
  })
  const of = (looks: readonly Look[]): Looks => ({
    looks,
    lost: new Map([['dim', 2]]),
    withoutFace: [],
    unreadable: [],
    detector: 'd',
    embedder: 'e',
  })

  it('judges by the other photos as they are, and nobody who has no other photo', () => {
    const result = qualityPredicts(
      of([
        look('ada', '1', 'clear', [1, 0]),
        look('ada', '2', 'clear', [0.9, 0.1]),
        // Most like its own photo, which does not count, then ben's.
        look('ada', '1', 'blurred', [0.1, 0.9]),
        look('ben', '3', 'clear', [0, 1]),
      ]),
    )
    expect(result.kinds.map(({ kind, looks, lost, right }) => [kind, looks, lost, right])).toEqual([
      ['clear', 3, 0, 1],
      ['blurred', 1, 0, 0],
      ['dim', 0, 2, null],
    ])
    expect([result.quality.looks, result.expected.looks]).toEqual([3, 1])
  })
})

describe.skipIf(!canCutPhotos)('the shipped quality', () => {
  it('predicts the cosine of the project’s own people in worse views as it did', { timeout: 120_000 }, async () => {
    const photos = await listPhotos(await castPhotos())
    const few = [...Map.groupBy(photos, ({ person }) => person).values()].slice(0, 4).flatMap((own) => own.slice(0, 2))
    const models = await loadShippedModels()
    try {
      const result = qualityPredicts(await lookAtViews(few, models, { side: 640 }))
      const { correlation, rankCorrelation, calibrationError } = result.expected
      expectKept('cast, quality predicts', {
        correlation: correlation ?? 0,
        rankCorrelation: rankCorrelation ?? 0,
        calibrationError,
      })
      expect(result.kinds.find(({ kind }) => kind === 'clear')).toMatchObject({ looks: few.length, right: 1 })
      expect(qualityPage(result, 'shipped').match(/<circle/g)).toHaveLength(
        result.expected.bins.length + result.quality.bins.length,
      )
    } finally {
      await models.close()
    }
  })
})
