import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { composeStream, viewsOfPhoto } from '../../src/evaluate/composed-stream.ts'
import { embedPhotos } from '../../src/evaluate/embed-photos.ts'
import { composeHardStream } from '../../src/evaluate/hard-stream.ts'
import { shiftBy } from '../../src/evaluate/identities.ts'
import { scoreIdentities } from '../../src/evaluate/identity-scores.ts'
import { listPhotos } from '../../src/evaluate/labelled-photos.ts'
import { planPairs } from '../../src/evaluate/pairs.ts'
import { replay, shiftedThresholds } from '../../src/evaluate/replay.ts'
import { levels, simulatePeople } from '../../src/evaluate/simulated-people.ts'
import type { StreamFrame } from '../../src/evaluate/stream.ts'
import { verify } from '../../src/evaluate/verify.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { faces, models } from '../support/material.ts'
import { loadPublicModels } from '../vision/loading.ts'

/** Higher is better, but for the names in `lower`. */
type Scores = Readonly<Record<string, number>>
const committed: Record<string, Scores> = JSON.parse(
  readFileSync(new URL('../quality/evaluation.json', import.meta.url), 'utf8'),
)
const lower = new Set(['idsPerPerson', 'eer'])
/** What another machine's floating point may change. */
const tolerance = 0.0005

const notWorse = (name: string, measured: Scores): void => {
  const before = committed[name] ?? {}
  const told = `${name}: ${JSON.stringify(measured)}`
  expect(Object.keys(measured), told).toEqual(Object.keys(before))
  for (const [key, value] of Object.entries(measured)) {
    const loss = lower.has(key) ? value - (before[key] ?? 0) : (before[key] ?? 0) - value
    expect(loss, `${key} of ${told}`).toBeLessThanOrEqual(tolerance)
  }
}

const identityScores = (frames: readonly StreamFrame[]): Scores => {
  const { bcubedF, bcubedP, idsPerPerson, idf1, live } = scoreIdentities(replay(frames).faces)
  return { bcubedF, bcubedP, idsPerPerson, idf1, live }
}

describe('committed scores', () => {
  it.each(['easier', 'harder'] as const)(
    'of simulated people, %s, are kept, with thresholds that are off too',
    (level) => {
      const frames = simulatePeople(levels[level], 11, 160)
      const shifted = (by: number): number =>
        scoreIdentities(replay(frames, shiftedThresholds(identityOptions.parse({}), by)).faces).bcubedF
      const off = { bcubedFLower: shifted(-shiftBy), bcubedFHigher: shifted(shiftBy) }
      notWorse(`simulated ${level}`, { ...identityScores(frames), ...off })
    },
    240_000,
  )

  it.skipIf(!faces() || !models())(
    'of the ORL photos with the public models are kept',
    async () => {
      const list = await listPhotos(join(faces() ?? '', 'orl'))
      const loaded = await loadPublicModels()
      try {
        const set = await embedPhotos(list, loaded, { side: 640, views: viewsOfPhoto })
        const { folds, byPerson } = planPairs(set.photos, 1)
        const { accuracy, allPairs } = verify(set, folds, byPerson)
        expect(set.how).toEqual({ found: 400, padded: 0, centred: 0 })
        notWorse('orl verification', { accuracy, eer: allPairs.eer, valAt1e3: allPairs.val[2]?.val ?? 0 })
        notWorse('orl identities', identityScores(composeStream(set.photos, 1)))
        notWorse('orl identities, hard level', identityScores(composeHardStream(set.photos, { seed: 1 })))
      } finally {
        await loaded.close()
      }
    },
    240_000,
  )
})
