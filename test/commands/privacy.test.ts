import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { privacy } from '../../src/commands/privacy.ts'
import { calling } from './called.ts'
import { playedState } from './played-state.ts'

const called = calling(privacy)

test('says how much is held of how many, where and until when, and names nobody', async () => {
  const state = playedState()
  writeFileSync(join(state, 'notes.txt'), 'x')
  const { code, stdout } = await called('report', '--state', state)
  expect(code).toBe(0)
  expect(stdout).toMatch(/^People: 6, of whom 3 have a name and 0 are archived; the first since 2023-11-1/)
  expect(stdout).toMatch(/^Sightings: \d+, the oldest from 2023-11-1/m)
  expect(stdout).toMatch(/^ {2}people\.db +\d+\.\d MB {2}looks \(biometric\)/m)
  expect(stdout).toMatch(/notes\.txt .*nothing that Rollcall keeps/)
  expect(stdout).toContain('archived after 30 days, and deleted never')
  expect(stdout).toMatch(/^Never to be recognised: 0$/m)
  expect(stdout).not.toMatch(/Ada|Zoe|p-/)

  const { files, people, sightings } = JSON.parse((await called('report', '--json', '--state', state)).stdout)
  expect([people.all, people.named]).toEqual([6, 3])
  expect(sightings.all).toBeGreaterThan(6)
  expect(files.map(({ name }: { name: string }) => name)).toEqual(['notes.txt', 'people.db'])
  expect(await called('reprot', '--state', state)).toMatchObject({ code: 2 })
})
