import { expect, test } from 'vitest'
import type { EmbeddedFace } from '../../src/operators/analysed.ts'
import type { FaceCrop, Frame, Picture } from '../../src/types.ts'
import { createCrops } from '../../src/worker/crops.ts'
import { detectionAt, stampAt } from '../identity/support/faces.ts'

const full = { format: 'I420', width: 64, height: 48, planes: [], matrix: 'bt601', fullRange: false } as const
const frame = (seq: number): Frame => ({
  ...stampAt(seq * 100, seq),
  full,
  picture: { width: 1, height: 1, data: new Uint8Array(3) },
  encodeJpeg: () => Promise.reject(new Error('not here')),
  close: () => {},
})
const face = (track: string, overall: number | null, more: Partial<EmbeddedFace> = {}): EmbeddedFace => ({
  ...detectionAt(0.2),
  track,
  ...(overall !== null && { quality: { overall, sizePx: 60, sharpness: 1, yaw: 0 } }),
  ...more,
})

/** Crops with a cropper that says which picture it was given, and an encoder that answers when told. */
const make = () => {
  const sent: FaceCrop[] = []
  const failures: unknown[] = []
  const cut: object[] = []
  const waiting: PromiseWithResolvers<Uint8Array>[] = []
  const crops = createCrops({
    cropper: {
      cut: (from): Picture => {
        cut.push(from)
        return { width: 64, height: 64, data: new Uint8Array(3 * 64 * 64) }
      },
    },
    encode: () => {
      const answer = Promise.withResolvers<Uint8Array>()
      waiting.push(answer)
      return answer.promise
    },
    minQuality: 0.15,
    send: (crop) => void sent.push(crop),
    onFailure: (camera, error) => void failures.push([camera, error]),
  })
  const settle = async (how: (answer: PromiseWithResolvers<Uint8Array>) => void): Promise<void> => {
    for (const answer of waiting.splice(0)) how(answer)
    await new Promise(setImmediate)
  }
  const done = () => settle((answer) => answer.resolve(Uint8Array.of(255, 216)))
  let seq = 0
  const offer = (faces: readonly EmbeddedFace[], endedTracks: readonly string[] = []) =>
    crops.offer([{ frame: frame(seq++), faces, endedTracks }])
  return { offer, sent, failures, cut, settle, done }
}

test('a picture of a track is made only when it is clearly better than those before', async () => {
  const { offer, sent, done } = make()
  for (const quality of [null, 0.1, 0.3, 0.31, 0.35, 0.37, 0.2, 0.9, 0.95]) {
    offer([face('a', quality)])
    await done()
  }
  expect(sent.map(({ quality, seq, track, camera }) => [quality, seq, track, camera])).toEqual([
    [0.3, 2, 'a', 'door'],
    [0.37, 5, 'a', 'door'],
    [0.9, 7, 'a', 'door'],
  ])
})

test('a quality that only creeps up costs at most eleven pictures, however many frames there are', async () => {
  const { offer, sent, done } = make()
  for (let i = 0; i < 5000; i++) {
    offer([face('a', 0.15 + (0.85 * i) / 5000)])
    await done()
  }
  expect(sent.length).toBeLessThanOrEqual(11)
})

test('each track has its own best, and an ended one is forgotten', async () => {
  const { offer, sent, done } = make()
  offer([face('a', 0.8), face('b', 0.4)], ['a'])
  offer([face('a', 0.5), face('b', 0.4)])
  await done()
  expect(sent.map(({ track, quality }) => [track, quality])).toEqual([
    ['a', 0.8],
    ['b', 0.4],
    ['a', 0.5],
  ])
})

test('the picture comes from the big stream when the embedding did', async () => {
  const { offer, cut, done } = make()
  const big = { ...full, width: 640 }
  offer([face('a', 0.8, { closer: { ...detectionAt(0.3), full: big } })])
  offer([face('b', 0.8)])
  await done()
  expect(cut).toEqual([big, full])
})

test('a slow encoder is not flooded, and one that fails is told and goes on', async () => {
  const { offer, cut, sent, failures, settle, done } = make()
  for (let i = 0; i < 30; i++) offer([face(`track-${i}`, 0.8)])
  expect(cut).toHaveLength(8)
  await settle((answer) => answer.reject(new Error('no jpegenc')))
  expect(failures).toHaveLength(8)
  offer([face('track-29', 0.8)])
  await done()
  expect(sent.map(({ track }) => track)).toEqual(['track-29'])
})
