import { closeSync, openSync, rmSync } from 'node:fs'
import { backup, type DatabaseSync } from 'node:sqlite'
import { asStateError } from './problems.ts'

/** Pages that are copied in one go, while the database waits: a megabyte takes about a millisecond. */
const pagesAtOnce = 256

/**
 * Copies an open database to a new file, readable by this user only, as of the moment at which the copy is done. What is
 * committed meanwhile is in it (https://www.sqlite.org/backup.html). Throws STATE, and then leaves no file.
 */
export const snapshotDatabase = async (db: DatabaseSync, file: string): Promise<void> => {
  try {
    closeSync(openSync(file, 'wx', 0o600))
    await backup(db, file, { rate: pagesAtOnce })
  } catch (error) {
    rmSync(file, { force: true })
    throw asStateError(error, file)
  }
}
