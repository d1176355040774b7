import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '../../src/identity/store/open.ts'
import { createSnapshots } from '../../src/site/snapshots.ts'
import { scratchDirectory } from '../support/footage.ts'

test('the copy of one backup is not taken away by another that begins before it was fetched', async () => {
  const stateDirectory = scratchDirectory()
  await using owner = new AsyncDisposableStack()
  const store = openStore(stateDirectory, { embedder: { name: 'embedder', sha256: 'a', dimensions: 128 } })
  owner.defer(() => store.close())
  const take = createSnapshots({ stateDirectory, store, snapshotPictures: null, flush: () => undefined, owner })
  if (!take) throw new Error('a state on disk can be copied')
  const copy = join(stateDirectory, 'snapshot/people.db')
  expect(await take()).toEqual({ files: ['people.db'] })
  await expect(take()).rejects.toThrow('another backup is being made')
  expect(existsSync(copy)).toBe(true)
  // `rollcall backup` takes it away.
  rmSync(join(stateDirectory, 'snapshot'), { recursive: true })
  await take()
  expect(existsSync(copy)).toBe(true)
})
