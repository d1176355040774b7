import { join } from 'node:path'
import { expect } from 'vitest'
import { composeStream, viewsOfPhoto } from '../../src/evaluate/composed-stream.ts'
import { embedPhotos } from '../../src/evaluate/embed-photos.ts'
import { composeHardStream } from '../../src/evaluate/hard-stream.ts'
import { listPhotos } from '../../src/evaluate/labelled-photos.ts'
import { planPairs } from '../../src/evaluate/pairs.ts'
import { verify } from '../../src/evaluate/verify.ts'
import { recogniseFace } from '../../src/recognition/nearest.ts'
import { reference } from '../../src/vision/calibration.ts'
import { faces } from '../support/material.ts'
import { loadPublicModels } from '../vision/loading.ts'
import { expectKept, identityScores, methodScores, type TrueFace } from './kept-scores.ts'

/** The share of photos whose person is the nearest among all others' photos. */
const rank1Of = (photos: readonly TrueFace[]): number => {
  const looks = photos.map(({ person, photo, embedding }) => ({ person, file: `${photo}`, embedding }))
  const isRight = ({ person, photo, embedding }: TrueFace): boolean => {
    const others = looks.filter(({ file }) => file !== `${photo}`)
    return recogniseFace(embedding, others, { k: 1, threshold: -1 }).person === person
  }
  return photos.filter(isRight).length / photos.length
}

/**
 * Compares what the public models and the engine make of the ORL photos with the scores in `test/quality/evaluation.json`
 * that begin with `name`. Of `everyNth` people one takes part.
 */
export const expectOrlKept = async ({ name, everyNth }: { name: string; everyNth: number }): Promise<void> => {
  const photos = await listPhotos(join(faces() ?? '', 'orl'))
  const people = new Set([...new Set(photos.map(({ person }) => person))].filter((_, i) => i % everyNth === 0))
  const wanted = photos.filter(({ person }) => people.has(person))
  const loaded = await loadPublicModels()
  try {
    const set = await embedPhotos(wanted, loaded, { side: 640, views: viewsOfPhoto })
    const { folds, byPerson } = planPairs(set.photos, 1)
    const { accuracy, allPairs } = verify(set, folds, byPerson)
    expect(set.how).toEqual({ found: wanted.length, padded: 0, centred: 0 })
    expectKept(`${name} verification`, { accuracy, eer: allPairs.eer, valAt1e3: allPairs.val[2]?.val ?? 0 })
    const photosOf = set.photos.flatMap(({ person, views: [view] }, photo): TrueFace[] =>
      view ? [{ person, photo, embedding: view.embedding, quality: view.quality.overall }] : [],
    )
    const byMethod = methodScores(photosOf, { threshold: reference.cosineAtFar })
    expectKept(`${name} photos, BCubed F by method`, byMethod)
    expect(byMethod.agglomerative).toBeGreaterThanOrEqual(0.99)
    expect(rank1Of(photosOf)).toBeGreaterThanOrEqual(0.99)
    expectKept(`${name} identities`, identityScores(composeStream(set.photos, 1)))
    expectKept(`${name} identities, hard level`, identityScores(composeHardStream(set.photos, { seed: 1 })))
  } finally {
    await loaded.close()
  }
}
