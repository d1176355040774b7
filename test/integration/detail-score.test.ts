import { readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { loadModels } from '../../src/vision/models.ts'
import { modelOptions } from '../../src/vision/options.ts'
import { farFootage } from '../support/far-footage.ts'
import { canEncode } from '../support/gst.ts'
import { watchFar } from './far-people.ts'
import { scoreFootage } from './footage-score.ts'

/**
 * What was measured on the loops lobby and street, seen at a third of their size: with the small stream only (by the same
 * code, `times` null), and with both.
 */
const committed: Readonly<Record<'url only' | 'url and detailUrl', Readonly<Record<string, number>>>> = JSON.parse(
  readFileSync(new URL('../quality/detail.json', import.meta.url), 'utf8'),
)
/** What another machine's encoder and floating point may change: some frames. */
const tolerance = 0.02
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

describe.skipIf(!canEncode('h264'))('people far away', () => {
  it('are told by the big stream, of which less than a twentieth is decoded', async () => {
    const models = await loadModels(modelOptions.parse({}), { log: quiet, onFallback: () => {} })
    onTestFinished(() => models.close())
    const cameras = new Map([
      ['lobby', await farFootage('lobby')],
      ['street', await farFootage('street')],
    ])
    const run = await watchFar(cameras, models, { ntp: true, lateMs: 120 })
    const found = await scoreFootage(run.events, async (camera) => {
      const footage = cameras.get(camera)
      if (footage === undefined) throw new Error(`no camera ${camera}`)
      return footage.truth
    })
    const { idsPerPerson, idf1, bcubedF, bcubedP, live, unassigned } = found
    const score = { idsPerPerson, idf1, bcubedF, bcubedP, live, unassigned }
    const said = JSON.stringify({ score, ...run.outcomes, decoded: run.decodedShare })
    // Nobody else's face: a look at the wrong one would join two people.
    expect(bcubedP, said).toBe(1)
    expect(idsPerPerson, said).toBe(1)
    for (const name of ['idf1', 'bcubedF', 'live'] as const)
      expect(score[name], said).toBeGreaterThanOrEqual((committed['url and detailUrl'][name] ?? 1) - tolerance)
    for (const name of ['idf1', 'live'] as const)
      expect(score[name], said).toBeGreaterThan(committed['url only'][name] ?? 1)
    expect(unassigned, said).toBeLessThan((committed['url only'].unassigned ?? 0) / 2)
    expect(mean(run.sizes.detail) / mean(run.sizes.main), said).toBeGreaterThan(2.7)
    expect(run.decodedShare, said).toBeLessThan(0.05)
  }, 300_000)
})
