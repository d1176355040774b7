import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readiness } from '../../src/site/readiness.ts'
import { stateInPlace } from '../../src/site/state-in-place.ts'
import { scratchDirectory } from '../support/footage.ts'

const none = { running: new Map(), analysing: new Set<string>() }

test('a state that is deleted, moved or replaced while it is in use makes readiness fail until it is back', () => {
  const directory = join(scratchDirectory(), 'state')
  mkdirSync(directory)
  const file = join(directory, 'people.db')
  writeFileSync(file, 'people')
  const lost = stateInPlace(directory)
  const reasons = () => readiness([], none, 1000, lost()).reasons
  expect(reasons()).toEqual([])
  renameSync(directory, `${directory}.moved`)
  expect(reasons()).toEqual([expect.stringMatching(`^${file} was deleted or moved while it was in use, .*put it back`)])
  cpSync(`${directory}.moved`, directory, { recursive: true })
  expect(reasons()).toEqual([expect.stringMatching(`^${file} was replaced while it was in use`)])
  rmSync(directory, { recursive: true })
  symlinkSync(directory, directory)
  expect(reasons()).toEqual([expect.stringMatching(`^${file} was deleted or moved`)])
  rmSync(directory)
  renameSync(`${directory}.moved`, directory)
  expect(reasons()).toEqual([])
})

test('in memory nothing can be lost', () => {
  expect(stateInPlace(null)()).toBeNull()
})
