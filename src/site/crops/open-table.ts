import { chmodSync, closeSync, existsSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { RollcallError } from '../../errors.ts'
import { snapshotDatabase } from '../../identity/store/snapshot.ts'
import { wipeUnallocated } from '../../identity/store/unallocated.ts'
import type { Log } from '../../types.ts'
import { type CropTable, openCropTable } from './crop-table.ts'
import { keyIn, sealInMemory, sealWith } from './seal.ts'

/** An open table of pictures. Whoever opens it closes it. */
export interface OpenCropTable extends CropTable {
  /** The most that are kept. */
  readonly most: number
  /** Overwrites what removed pictures have left in the file. */
  erase(): void
  /** Copies the table to a new file. Null: it is in memory, and goes with the process. */
  readonly snapshot: ((file: string) => Promise<void>) | null
  close(): void
}

/** About 25 MB. */
const mostInMemory = 4000
/** About 130 MB. */
const mostOnDisk = 20_000

const filesOf = (directory: string) => ({ file: join(directory, 'crops.db'), key: join(directory, 'crops.key') })

/** Pictures for this run only. */
const inMemory = (): OpenCropTable => {
  const db = new DatabaseSync(':memory:')
  const table = openCropTable(db, sealInMemory())
  return { ...table, most: mostInMemory, erase: () => undefined, snapshot: null, close: () => db.close() }
}

/** Removes what an earlier run has kept: without `identity.crops: disk` no picture is on disk. */
const removeFiles = (directory: string): void => {
  const { file, key } = filesOf(directory)
  for (const each of [file, `${file}-journal`, key]) rmSync(each, { force: true })
}

/** Throws when it is damaged, or no database. */
const openFile = (file: string): DatabaseSync => {
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
  const db = new DatabaseSync(file, { timeout: 500 })
  try {
    // A crash of this process loses nothing; after a power cut a damaged file is begun anew. No journal is left of what was removed.
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY')
    db.exec('PRAGMA trusted_schema = OFF; PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = OFF')
    if (db.prepare('PRAGMA quick_check(1)').get()?.quick_check !== 'ok') throw new Error('it is damaged')
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

const isDamaged = (error: unknown): boolean => /damaged|not a database|malformed/.test((error as Error).message)

/** A picture that another key has sealed can never be shown. One that was sealed with this key stands for all. */
const removeUnreadable = (table: CropTable, file: string, log: Log): void => {
  const kept = table.all()
  const isUnreadable = ({ id }: { readonly id: string }): boolean => table.jpeg(id) === null
  if (kept[0] === undefined || !isUnreadable(kept[0])) return
  const gone = kept.filter(isUnreadable).map(({ id }) => id)
  log.warn({ file, pictures: gone.length }, 'pictures of people do not open with the key beside them: they are removed')
  table.remove(gone)
}

const onDisk = (directory: string, log: Log): OpenCropTable => {
  const { file, key } = filesOf(directory)
  if (existsSync(file) && !existsSync(key)) {
    log.warn({ file }, 'the key of the pictures of people is gone: they are begun anew')
    removeFiles(directory)
  }
  const seal = sealWith(keyIn(key))
  const open = (): DatabaseSync => {
    try {
      return openFile(file)
    } catch (error) {
      if (!isDamaged(error)) throw error
      log.warn({ file, error: (error as Error).message }, 'the pictures of people cannot be read: they are begun anew')
      rmSync(file, { force: true })
      rmSync(`${file}-journal`, { force: true })
      return openFile(file)
    }
  }
  try {
    const db = open()
    const table = openCropTable(db, seal)
    removeUnreadable(table, file, log)
    // SQLite's locks would go with this descriptor (POSIX), so it is closed after the database.
    const fd = openSync(file, 'r+')
    return {
      ...table,
      most: mostOnDisk,
      erase: () => {
        db.exec('PRAGMA shrink_memory')
        wipeUnallocated(fd)
      },
      snapshot: (to) => snapshotDatabase(db, to),
      close: () => {
        db.close()
        closeSync(fd)
      },
    }
  } catch (error) {
    if (error instanceof RollcallError) throw error
    throw new RollcallError('STATE', `identity.crops: ${file}: ${(error as Error).message}`, {
      cause: error,
      remedy: 'Let this user write there, end the other process that has it open, or set identity.crops to memory.',
    })
  }
}

/**
 * Opens the table of `identity.crops`; null for off. `disk` without a state directory keeps pictures in memory, and says so.
 * Anything but `disk` removes what an earlier run has kept on disk. Throws STATE when the disk refuses.
 */
export const openTableOf = (
  crops: 'off' | 'memory' | 'disk',
  stateDirectory: string | null,
  log: Log,
): OpenCropTable | null => {
  if (crops === 'disk' && stateDirectory !== null) return onDisk(stateDirectory, log)
  if (crops === 'disk') log.warn({}, 'identity.crops: disk needs a state directory; pictures are kept in memory')
  if (stateDirectory !== null) removeFiles(stateDirectory)
  return crops === 'off' ? null : inMemory()
}
