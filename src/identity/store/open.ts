import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { RollcallError } from '../../errors.ts'
import { asStateError, damaged, inUse, isBusy, otherEmbedder, type StoredEmbedder } from './problems.ts'
import { announce, whoRuns, withdraw } from './running.ts'
import { applicationId, migrate, schemaVersion, versionOf } from './schema.ts'
import { createStore, type Store } from './store.ts'

export interface StoreOptions {
  /** The model that the embeddings come from. Null: whatever the state was made with, which must exist then. */
  readonly embedder: StoredEmbedder | null
  /** Called before each statement that writes: where tests pull the plug. */
  readonly onWrite?: () => void
}

/** Another process that is just closing gets this long. */
const busyMs = 500

export const fileOf = (directory: string): string => join(directory, 'people.db')

/** Biometric data: readable by nobody else. SQLite gives its write-ahead log the same rights. */
const prepareDirectory = (directory: string, file: string): void => {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    chmodSync(directory, 0o700)
    // Opening and closing a file that is there would drop the locks this process may have on it (POSIX).
    if (!existsSync(file)) closeSync(openSync(file, 'wx', 0o600))
  } catch (cause) {
    throw new RollcallError('STATE', `state.directory: ${(cause as Error).message}`, {
      cause,
      remedy: 'Let this user write there, or name another with --state DIR (--state off: none).',
    })
  }
}

/**
 * The lock lasts as long as the process: in this mode SQLite keeps it between transactions, and needs no shared memory
 * beside the file. A crash leaves nothing to clean up.
 */
const lock = (db: DatabaseSync): void => {
  db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY')
  db.exec('PRAGMA trusted_schema = OFF; PRAGMA journal_mode = WAL; BEGIN IMMEDIATE; COMMIT')
}

/** Throws STATE when it is not one of ours, from the future, or broken. */
const check = (db: DatabaseSync, file: string): void => {
  const version = versionOf(db)
  const application = Number(db.prepare('PRAGMA application_id').get()?.application_id)
  const isEmpty = db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.tables === 0
  if (application !== applicationId && !(isEmpty && application === 0))
    throw new RollcallError('STATE', `${file} is no state of Rollcall's`, {
      remedy: 'Name another directory with --state DIR.',
    })
  if (version > schemaVersion)
    throw new RollcallError(
      'STATE',
      `${file} was written by a newer Rollcall (schema ${version}, this one knows ${schemaVersion})`,
      { remedy: 'Use that version, or name another directory with --state DIR.' },
    )
  const problems = db.prepare('PRAGMA quick_check(1)').all()
  const [first] = problems.map(({ quick_check }) => String(quick_check))
  if (first !== 'ok') throw damaged(file, first ?? 'it cannot be checked')
}

/** The embedder the state was made with; a fresh one is made with `given`. */
const agreeOnEmbedder = (db: DatabaseSync, directory: string, given: StoredEmbedder | null): StoredEmbedder => {
  const row = db.prepare('SELECT embedder, sha256, dimensions FROM site').get()
  if (row) {
    const stored = { name: String(row.embedder), sha256: String(row.sha256), dimensions: Number(row.dimensions) }
    if (given && (given.sha256 !== stored.sha256 || given.dimensions !== stored.dimensions))
      throw otherEmbedder(directory, stored, given)
    return stored
  }
  if (!given) throw noState(directory)
  db.prepare('INSERT INTO site VALUES (1, ?, ?, ?, 0, 0, 0, 0, NULL)').run(given.name, given.sha256, given.dimensions)
  return given
}

const noState = (directory: string): RollcallError =>
  new RollcallError('STATE', `state.directory: there are no people in ${directory}`, {
    remedy: 'Name the directory that `rollcall run` was given, with --state DIR.',
  })

/**
 * Opens the people in a directory, made if need be, for this process alone. Throws STATE: somebody else has it open
 * (which process), it was made with another embedder, it is damaged or from a newer version. Never starts anew by itself.
 */
export const openStore = (directory: string, { embedder, onWrite = () => undefined }: StoreOptions): Store => {
  const file = fileOf(directory)
  if (!embedder && !existsSync(file)) throw noState(directory)
  prepareDirectory(directory, file)
  let db: DatabaseSync | undefined
  try {
    const opened = new DatabaseSync(file, { timeout: busyMs, enableForeignKeyConstraints: true })
    db = opened
    lock(opened)
    check(opened, file)
    migrate(opened)
    const stored = agreeOnEmbedder(opened, directory, embedder)
    const tell = (url: string | null): void => announce(directory, { pid: process.pid, url })
    tell(null)
    return createStore({
      db: opened,
      file,
      embedder: stored,
      onWrite,
      announce: tell,
      close: () => {
        withdraw(directory)
        opened.close()
      },
    })
  } catch (error) {
    if (db?.isOpen) db.close()
    throw isBusy(error) ? inUse(directory, whoRuns(directory), error) : asStateError(error, file)
  }
}
