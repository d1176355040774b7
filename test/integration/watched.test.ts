import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { partOf, scratchDirectory } from '../support/footage.ts'
import { readEvents, watched, watchTo } from '../support/watched.ts'

const folder = resolve(import.meta.dirname, '../../.rollcall/footage')

/** Two seconds in which two people come. Kept, so that what an earlier run has stored of it is what is compared. */
const recording = async (): Promise<string> => {
  const file = join(folder, 'watched.mp4')
  if (existsSync(file)) return file
  mkdirSync(folder, { recursive: true })
  const made = join(folder, `watched.${process.pid}.mp4`)
  await partOf('cafe', 0, 2, made)
  renameSync(made, file)
  return file
}

test('a stored analysis is what a fresh one gives', async () => {
  const cameras = { cafe: await recording() }
  const stored = await watched({ cameras })
  const file = join(scratchDirectory(), 'events.jsonl')
  await watchTo({ cameras }, file)
  expect(stored.length).toBeGreaterThan(10)
  expect(readEvents(file)).toEqual(stored)
})
