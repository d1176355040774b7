import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const unnamed = ['--reuid', '54321', '--regid', '54321', '--clear-groups']
const canBe = process.getuid?.() === 0 && spawnSync('setpriv', [...unnamed, 'true']).status === 0

test.skipIf(!canBe)('a user ID without an entry can work on a state', () => {
  const state = mkdtempSync(join(tmpdir(), 'rollcall-'))
  chmodSync(state, 0o777)
  const main = resolve(import.meta.dirname, '../../../src/main.ts')
  const args = [...unnamed, process.execPath, main, 'people', 'list', '--state', state]
  const { status, stderr } = spawnSync('setpriv', args, { encoding: 'utf8', cwd: state })
  expect(stderr).toContain(`there are no people in ${state}`)
  expect(status).toBe(1)
})
