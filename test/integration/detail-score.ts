import { readFileSync } from 'node:fs'
import { expect, onTestFinished } from 'vitest'
import { silent } from '../../src/silent-log.ts'
import { loadModels } from '../../src/vision/models.ts'
import { modelOptions } from '../../src/vision/options.ts'
import { farFootage } from '../support/far-footage.ts'
import type { LoopName } from '../support/footage.ts'
import { watchFar } from './far-people.ts'
import { scoreFootage } from './footage-score.ts'

type Scores = Readonly<Record<string, number>>
/** What was measured on loops seen at a third of their size: with the small stream only (by the same code, `times` null), and with both. */
const committed: Readonly<Record<string, Readonly<Record<'url only' | 'url and detailUrl', Scores>>>> = JSON.parse(
  readFileSync(new URL('../quality/detail.json', import.meta.url), 'utf8'),
)
/** What another machine's encoder and floating point may change: some frames. */
const tolerance = 0.02
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Loops, one after the other: the scores of their names in `test/quality/detail.json`, of which little of the big stream is decoded. */
export const expectToldFromFar = async (...loops: readonly LoopName[]): Promise<void> => {
  const before = committed[loops.join(' and ')]
  if (before === undefined) throw new Error(`no score of ${loops.join(' and ')} is kept`)
  const models = await loadModels(modelOptions.parse({}), { log: silent, onFallback: () => {} })
  onTestFinished(() => models.close())
  const cameras = new Map(
    await Promise.all(loops.map(async (loop) => [loop as string, await farFootage(loop)] as const)),
  )
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
    expect(score[name], said).toBeGreaterThanOrEqual((before['url and detailUrl'][name] ?? 1) - tolerance)
  for (const name of ['idf1', 'live'] as const) expect(score[name], said).toBeGreaterThan(before['url only'][name] ?? 1)
  expect(unassigned, said).toBeLessThan((before['url only'].unassigned ?? 0) / 2)
  expect(mean(run.sizes.detail) / mean(run.sizes.main), said).toBeGreaterThan(2.7)
  expect(run.decodedShare, said).toBeLessThan(0.05)
}
