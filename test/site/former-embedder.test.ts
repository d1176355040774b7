import { createHash } from 'node:crypto'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import { configSchema } from '../../src/config/config.ts'
import { mapped } from '../../src/math/mapped.ts'
import type { Matrix } from '../../src/math/matrix.ts'
import { createMetrics } from '../../src/metrics.ts'
import { openPeople } from '../../src/site/open-people.ts'
import { readMap, writeMap } from '../../src/vision/embedding-map.ts'
import { temporaryDirectory } from '../identity/store/states.ts'
import { direction, faceOf, facesAt, near, randomFrom } from '../identity/support/faces.ts'

const shipped = resolve(import.meta.dirname, '../../models')
const startMs = 1_772_443_800_000
const random = randomFrom(7)
/** Of the camera's frames, over restarts. */
let seq = 0
const hashOf = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** Embedders are known by their bytes; nothing here runs one. */
const modelsWith = (bytes: string): { readonly directory: string; readonly sha256: string } => {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'embedder.onnx'), bytes)
  copyFileSync(join(shipped, 'embedder.json'), join(directory, 'embedder.json'))
  return { directory, sha256: hashOf(bytes) }
}

/** The new embedder turns the first axes of the old one: each becomes the next. */
const turn: Matrix = {
  rows: 128,
  columns: 128,
  values: Float64Array.from({ length: 128 * 128 }, (_, i) => (i % 128 === (Math.floor(i / 128) + 1) % 128 ? 1 : 0)),
}

const peopleWith = async (models: string, stateDirectory: string) => {
  const said: string[] = []
  const line = (_: unknown, words?: string): void => void said.push(words ?? '')
  const owner = new AsyncDisposableStack()
  onTestFinished(() => owner.disposeAsync())
  const people = await openPeople(configSchema.parse({ models: { directory: models } }), {
    stateDirectory,
    log: { debug: line, info: line, warn: line, error: line },
    metrics: createMetrics(new Registry()),
    nowMs: () => startMs,
    owner,
  })
  /** The ID of somebody who looks like this, after three seconds. */
  const see = (look: Float32Array, track: string, atMs: number): string | undefined =>
    Array.from({ length: 30 }, (_, i) =>
      people.committed.update(facesAt(atMs + i * 100, seq++, [faceOf(track, near(look, 0.3, random))])),
    )
      .flat()
      .flatMap(({ type, data }) => (type === 'rollcall.track.assigned.v1' ? data.person : []))[0]
  const close = async (): Promise<void> => {
    people.committed.commit()
    await owner.disposeAsync()
  }
  return { said, see, close }
}

const looks = { ada: direction(random), bo: direction(random) }

/** A state that the old embedder has learned, and whose IDs are there. */
const learned = async (models: string) => {
  const state = temporaryDirectory()
  const site = await peopleWith(models, state)
  const ada = site.see(looks.ada, 'door/s1/ada', startMs)
  const bo = site.see(looks.bo, 'door/s1/bo', startMs + 60_000)
  await site.close()
  expect(new Set([ada, bo, undefined]).size).toBe(3)
  return { state, ada, bo }
}

test('people whom a former embedder has learned keep their IDs under the one for which there is a map', async () => {
  const [old, fresh] = [modelsWith('old'), modelsWith('new')]
  const name = 'embedder'
  const to = { name, sha256: fresh.sha256, dimensions: 128 }
  const about = { faces: 1, prior: 'rotation', ridge: 1, agreement: 1, matrix: turn } as const
  writeMap(join(fresh.directory, 'other.map.json'), { ...about, from: { ...to, sha256: 'c'.repeat(64) }, to })
  writeMap(join(fresh.directory, 'old.map.json'), { ...about, from: { ...to, sha256: old.sha256 }, to })
  const { state, ada, bo } = await learned(old.directory)

  const site = await peopleWith(fresh.directory, state)
  expect(site.said).toContainEqual(expect.stringMatching(/former embedder.*same IDs/))
  const later = startMs + 3_600_000
  expect(site.see(mapped(looks.bo, turn), 'door/s2/1', later)).toBe(bo)
  expect(site.see(mapped(looks.ada, turn), 'door/s2/2', later + 60_000)).toBe(ada)
  await site.close()

  const again = await peopleWith(fresh.directory, state)
  expect(again.said).not.toContainEqual(expect.stringMatching(/former embedder/))
  await again.close()
  await expect(peopleWith(old.directory, state)).rejects.toThrow(/were learned with the embedder/)
})

test('without a map the state is refused as it is', async () => {
  const [old, fresh] = [modelsWith('old'), modelsWith('new')]
  const { state } = await learned(old.directory)
  await expect(peopleWith(fresh.directory, state)).rejects.toThrow(/were learned with the embedder/)
  await (await peopleWith(old.directory, state)).close()
})

test('a map that cannot be read is named', async () => {
  const { directory } = modelsWith('new')
  writeFileSync(join(directory, 'old.map.json'), '{}')
  await expect(peopleWith(directory, temporaryDirectory())).rejects.toThrow(/old\.map\.json/)
})

test('the people of version 0.2.0 are carried over to the embedder that is shipped', async () => {
  const { from, to, agreement } = await readMap(join(shipped, 'embedder-0.2.0.map.json'))
  expect(to.sha256).toBe(hashOf(readFileSync(join(shipped, 'embedder.onnx'))))
  expect(from.sha256).toBe('fb53aa583de0286eb392a80b88feba5264ad3d13965845e08cbd6dc15d7c4444')
  expect(agreement).toBeGreaterThan(0.9)
})
