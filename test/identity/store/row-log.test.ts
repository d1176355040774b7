import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { createIdentity } from '../../../src/identity/identity.ts'
import { identityOptions } from '../../../src/identity/options.ts'
import { openFollowedState, type TopicEntry } from '../../../src/identity/store/followed-state.ts'
import { openStore } from '../../../src/identity/store/open.ts'
import { allRows } from '../../../src/identity/store/row-log.ts'
import type { StateCommit, StateLog } from '../../../src/identity/store/state-commits.ts'
import type { Store } from '../../../src/identity/store/store.ts'
import { createCommittedIdentity } from '../../../src/site/committed-identity.ts'
import { story } from '../../site/story.ts'
import { embedder, temporaryDirectory } from './states.ts'

/** A store whose commits are kept in a list, as a topic would. */
const logged = (directory: string) => {
  const commits: StateCommit[] = []
  const log: StateLog = {
    first: { state: 's', writer: 'w', number: 1 },
    position: () => null,
    push: (commit) => void commits.push({ ...commit, rows: [...commit.rows] }),
  }
  const store = openStore(directory, { embedder, log })
  onTestFinished(() => store.close())
  return { store, commits }
}

/** All rows of a file that nobody has open, in an order of their own. */
const rowsIn = (directory: string): string[] => {
  const db = new DatabaseSync(join(directory, 'people.db'))
  const rows = [...allRows(db)].map((row) =>
    JSON.stringify(row, (_, value) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value)),
  )
  db.close()
  return rows.sort()
}

/** People come and go, are named, merged, kept apart, and one is deleted. */
const live = (store: Store): void => {
  const committed = createCommittedIdentity(createIdentity(identityOptions.parse({}), { archive: store }), store)
  for (const step of story())
    if ('faces' in step) {
      committed.update(step.faces)
      committed.commit()
    } else committed.transact(step.act)
}

test('a file that follows the commits of another has the same rows, and nothing of who was deleted', () => {
  const [from, to] = [temporaryDirectory(), temporaryDirectory()]
  const { store, commits } = logged(from)
  live(store)
  store.close()
  expect(commits.length).toBeGreaterThan(50)
  const followed = openFollowedState(to)
  const entries = commits.flatMap(({ head, rows, lastIds }): TopicEntry[] => [
    ...[...rows].map((row) => ({ what: 'row', row }) as const),
    { what: 'head', head, lastIds },
  ])
  // What is read at once may end anywhere.
  for (let i = 0; i < entries.length; i += 3)
    followed.apply(entries.slice(i, i + 3), Math.min(i + 3, entries.length), 1)
  expect(followed.position()).toMatchObject({ state: 's', writer: 'w', number: commits.length, next: entries.length })
  followed.close()
  expect(rowsIn(to)).toEqual(rowsIn(from))
  expect(rowsIn(to).length).toBeGreaterThan(50)
})
