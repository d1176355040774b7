import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { RollcallError } from '../errors.ts'
import type { Store } from '../identity/store/store.ts'
import { snapshotDirectory, type TakeSnapshot } from '../server/backup-route.ts'

/** What snapshots are taken of. */
export interface SnapshotParts {
  readonly stateDirectory: string | null
  /** Null when people are kept in memory only: then there is nothing to copy. */
  readonly store: Pick<Store, 'snapshot'> | null
  /** Null without pictures on disk. */
  readonly snapshotPictures: ((file: string) => Promise<void>) | null
  /** Commits what has changed. */
  readonly flush: () => void
  /** Ends the wait for who asked. */
  readonly owner: AsyncDisposableStack
}

/** Who asked has taken it away by then, or will not any more. */
const keptForMs = 600_000

/**
 * The databases are locked by this process, so it copies them into the state directory for `rollcall backup`, which takes
 * them away. What nobody took goes after ten minutes, and at the next start: it holds people, who may be deleted meanwhile.
 */
export const createSnapshots = (parts: SnapshotParts): TakeSnapshot | undefined => {
  const { stateDirectory, store, snapshotPictures, flush, owner } = parts
  if (stateDirectory === null || store === null) return undefined
  const directory = join(stateDirectory, snapshotDirectory)
  const remove = (): void => rmSync(directory, { recursive: true, force: true })
  let isTaking = false
  let removal: NodeJS.Timeout | undefined
  remove()
  owner.defer(() => clearTimeout(removal))
  return async () => {
    // The copy of another backup is there until that one has taken it.
    if (isTaking || existsSync(directory))
      throw new RollcallError('STATE', 'another backup is being made', {
        remedy: 'Wait until it is done. Of one that was killed the copy goes after ten minutes.',
      })
    isTaking = true
    try {
      clearTimeout(removal)
      mkdirSync(directory, { mode: 0o700 })
      flush()
      // People first: a picture whose person is not known is removed, a person without a picture is kept.
      await store.snapshot(join(directory, 'people.db'))
      await snapshotPictures?.(join(directory, 'crops.db'))
      removal = setTimeout(remove, keptForMs).unref()
      return { files: ['people.db', ...(snapshotPictures ? ['crops.db'] : [])] }
    } catch (error) {
      remove()
      throw error
    } finally {
      isTaking = false
    }
  }
}
