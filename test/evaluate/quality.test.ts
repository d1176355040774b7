import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { composeStream, viewsOfPhoto } from '../../src/evaluate/composed-stream.ts'
import { embedPhotos } from '../../src/evaluate/embed-photos.ts'
import { composeHardStream } from '../../src/evaluate/hard-stream.ts'
import { listPhotos } from '../../src/evaluate/labelled-photos.ts'
import { planPairs } from '../../src/evaluate/pairs.ts'
import { levels, simulatePeople } from '../../src/evaluate/simulated-people.ts'
import { verify } from '../../src/evaluate/verify.ts'
import { faces, models } from '../support/material.ts'
import { loadPublicModels } from '../vision/loading.ts'
import { expectKept, identityScores, shiftedScores } from './kept-scores.ts'

describe('committed scores', () => {
  // More scenes are in quality.long.test.ts.
  it('of simulated people are kept, with thresholds that are off too', () => {
    expectKept('simulated easier, 80 scenes', identityScores(simulatePeople(levels.easier, 11, 80)))
    const frames = simulatePeople(levels.harder, 11, 80)
    expectKept('simulated harder, 80 scenes', { ...identityScores(frames), ...shiftedScores(frames) })
  }, 240_000)

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
        expectKept('orl verification', { accuracy, eer: allPairs.eer, valAt1e3: allPairs.val[2]?.val ?? 0 })
        expectKept('orl identities', identityScores(composeStream(set.photos, 1)))
        expectKept('orl identities, hard level', identityScores(composeHardStream(set.photos, { seed: 1 })))
      } finally {
        await loaded.close()
      }
    },
    240_000,
  )
})
