import type { DatabaseSync } from 'node:sqlite'
import { asStateError } from './problems.ts'
import { wipeUnallocated } from './unallocated.ts'

/** How the state's file is written and read. Each throws STATE when the disk refuses. */
export interface Transactions {
  /**
   * Does `work` in one transaction: all of it, or nothing. A lasting one waits for the disk. One that does not may be lost
   * by a power cut, but not by a crash.
   */
  write(work: () => void, isLasting: boolean): void
  /** Leaves no byte of what was deleted in any file. */
  scrub(): void
  read<T>(query: () => T): T
}

/** What transactions work on. */
export interface TransactionParts {
  readonly db: DatabaseSync
  readonly file: string
  /** Of the same file, for what SQLite cannot do. */
  readonly fd: number
  readonly onWrite: () => void
  /** The transaction was undone. */
  readonly onUndone: () => void
}

/** The transactions of an open database with one writer. */
export const createTransactions = ({ db, file, fd, onWrite, onUndone }: TransactionParts): Transactions => {
  let isLastingNow: boolean | null = null

  const orStateError = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw asStateError(error, file)
    }
  }
  const flush = (isLasting: boolean): void => {
    if (isLasting !== isLastingNow) db.exec(`PRAGMA synchronous = ${isLasting ? 'FULL' : 'NORMAL'}`)
    isLastingNow = isLasting
  }
  const write = (work: () => void, isLasting: boolean): void => {
    try {
      flush(isLasting)
      onWrite()
      db.exec('BEGIN IMMEDIATE')
      work()
      onWrite()
      db.exec('COMMIT')
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      onUndone()
      throw asStateError(error, file)
    }
  }
  /**
   * Deleted rows are overwritten (`secure_delete`), but are still in the write-ahead log, and what was moved may be left in
   * unallocated parts of pages. `VACUUM` would do as well, in seconds instead of milliseconds.
   */
  const wipe = (): void => {
    flush(true)
    onWrite()
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    // Pages that SQLite has in memory would bring back what is wiped from the file.
    db.exec('PRAGMA shrink_memory')
    onWrite()
    wipeUnallocated(fd)
    onWrite()
    db.exec('UPDATE site SET scrub = 0')
  }
  return { write, read: orStateError, scrub: () => orStateError(wipe) }
}
