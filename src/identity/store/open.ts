import { chmodSync, closeSync, existsSync, openSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { RollcallError } from '../../errors.ts'
import { makeDirectory } from '../../make-directory.ts'
import { type StoreBounds, storeBounds } from './bounds.ts'
import { type CarriedOver, type Carrying, carryRows } from './carry-rows.ts'
import { inspectFile } from './inspect.ts'
import { asStateError, damaged, inUse, isBusy, otherEmbedder, type StoredEmbedder } from './problems.ts'
import { refuseUnfinished } from './restoring.ts'
import { announce, whoRuns, withdraw } from './running.ts'
import { migrate } from './schema.ts'
import type { StateLog } from './state-commits.ts'
import { createStore, type Store } from './store.ts'
import { readPosition } from './topic-position.ts'

/** How a state directory is opened. */
export interface StoreOptions {
  /** The model that the embeddings come from. Null: whatever the state was made with, which must exist then. */
  readonly embedder: StoredEmbedder | null
  /** It defaults to `storeBounds`. */
  readonly bounds?: StoreBounds
  /** Where changes go, where people are in a topic of Kafka. */
  readonly log?: StateLog | null
  /** Called with the schema of a file that an older Rollcall has left, once it is converted: that one refuses it from now on. */
  readonly onConverted?: (from: number) => void
  /** How looks of another embedder come into the space of `embedder`; null where nobody knows. Without it no state is carried over. */
  readonly mapFrom?: (stored: StoredEmbedder) => Carrying['map'] | null
  /** Called when a state of another embedder was carried over. */
  readonly onCarried?: (from: StoredEmbedder, how: CarriedOver) => void
  /** Called before each statement that writes: where tests pull the plug. */
  readonly onWrite?: () => void
}

/** Another process that is just closing gets this long. */
const busyMs = 500

/** The database of a state directory. */
export const fileOf = (directory: string): string => join(directory, 'people.db')

/** Files that this process has open, by device and inode. Whoever opens and closes one of them again drops its locks (POSIX). */
const openHere = new Set<string>()
const inodeOf = (file: string): string | null => {
  const stats = statSync(file, { throwIfNoEntry: false })
  return stats ? `${stats.dev}:${stats.ino}` : null
}

/** Biometric data: readable by nobody else. SQLite gives its write-ahead log the same rights. */
const prepareDirectory = (directory: string, file: string, isThere: boolean): void => {
  makeDirectory(directory, { mode: 0o700 })
  // A directory in which there are other things is not ours to close.
  if (isThere || readdirSync(directory).every((name) => join(directory, name) === file)) chmodSync(directory, 0o700)
  if (isThere) return
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
}

const cannotOpen = (cause: unknown): RollcallError =>
  new RollcallError('STATE', `state.directory: ${(cause as Error).message}`, {
    cause,
    remedy: 'Let this user write there, or name another with --state DIR (--state off: none).',
  })

/** What may be changed from here on: a state of ours, or a new one. Returns a descriptor of its file. Throws STATE. */
const claim = (directory: string, file: string): number => {
  try {
    refuseUnfinished(directory, file)
    const stats = inspectFile(file)
    prepareDirectory(directory, file, stats !== null)
    return openSync(file, 'r+')
  } catch (error) {
    throw error instanceof RollcallError ? error : cannotOpen(error)
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

/** Throws STATE when it is broken. */
const check = (db: DatabaseSync, file: string): void => {
  const problems = db.prepare('PRAGMA quick_check(1)').all()
  const [first] = problems.map(({ quick_check }) => String(quick_check))
  if (first !== 'ok') throw damaged(file, first ?? 'it cannot be checked')
}

/** The embedder that a state was made with; null when it is fresh. */
export const storedEmbedder = (db: DatabaseSync): StoredEmbedder | null => {
  const row = db.prepare('SELECT embedder, sha256, dimensions FROM site').get()
  return row ? { name: String(row.embedder), sha256: String(row.sha256), dimensions: Number(row.dimensions) } : null
}

/** The embedder that the state has from now on; a fresh one is made with that of `options`, and one of another is carried over. */
const agreeOnEmbedder = (db: DatabaseSync, directory: string, options: StoreOptions): StoredEmbedder => {
  const { embedder: given, mapFrom, onCarried, onWrite = () => undefined } = options
  const stored = storedEmbedder(db)
  if (stored) {
    if (!given || (given.sha256 === stored.sha256 && given.dimensions === stored.dimensions)) return stored
    const map = readPosition(db) === null ? mapFrom?.(stored) : null
    if (!map) throw otherEmbedder(directory, stored, given)
    onCarried?.(stored, carryRows(db, { to: given, map }, onWrite))
    return given
  }
  if (!given) throw noState(directory)
  db.prepare('INSERT INTO site VALUES (1, ?, ?, ?, 0, 0, 0, 0, NULL)').run(given.name, given.sha256, given.dimensions)
  return given
}

/** The STATE error for a directory without people. */
export const noState = (directory: string): RollcallError =>
  new RollcallError('STATE', `state.directory: there are no people in ${directory}`, {
    remedy: 'Name the directory that `rollcall run` was given, with --state DIR.',
  })

/** The file of a state, open, up to date and locked for this process. Whoever opened it closes it. */
export interface LockedFile {
  readonly db: DatabaseSync
  readonly file: string
  /** Of the same file, for what SQLite cannot do. */
  readonly fd: number
  /** The schema that it had; null when it had this one, or is new. */
  readonly convertedFrom: number | null
  readonly close: () => void
}

/** Opens, locks, checks and updates the file in a directory, made if need be, and gives it to `use`; closes it when that throws. */
export const withLockedFile = <T>(directory: string, onWrite: () => void, use: (opened: LockedFile) => T): T => {
  const file = fileOf(directory)
  if (openHere.has(inodeOf(file) ?? '')) throw inUse(directory, whoRuns(directory))
  const fd = claim(directory, file)
  const inode = inodeOf(file) ?? ''
  openHere.add(inode)
  let db: DatabaseSync | undefined
  const close = (): void => {
    if (db?.isOpen) db.close()
    closeSync(fd)
    openHere.delete(inode)
  }
  try {
    db = new DatabaseSync(file, { timeout: busyMs, enableForeignKeyConstraints: true })
    lock(db)
    check(db, file)
    const convertedFrom = migrate(db, file, onWrite)
    return use({ db, file, fd, convertedFrom, close })
  } catch (error) {
    close()
    throw isBusy(error) ? inUse(directory, whoRuns(directory), error) : asStateError(error, file)
  }
}

/**
 * Opens the people in a directory, made if need be, for this process alone. Throws STATE: somebody else has it open
 * (which process), it was made with another embedder and there is no map from that one, it is damaged, from a newer version, or another program's; then no
 * byte of it has changed. Never starts anew by itself.
 */
export const openStore = (directory: string, options: StoreOptions): Store => {
  const { embedder, bounds = storeBounds, log = null, onConverted, onWrite = () => undefined } = options
  if (!embedder && !existsSync(fileOf(directory))) {
    refuseUnfinished(directory, fileOf(directory))
    throw noState(directory)
  }
  return withLockedFile(directory, onWrite, ({ db, file, fd, convertedFrom, close }) => {
    if (convertedFrom !== null) onConverted?.(convertedFrom)
    const stored = agreeOnEmbedder(db, directory, options)
    const tell = (url: string | null): void => announce(directory, { pid: process.pid, url })
    const store = createStore({
      db,
      file,
      fd,
      embedder: stored,
      bounds,
      log,
      onWrite,
      announce: tell,
      close: () => {
        withdraw(directory)
        close()
      },
    })
    tell(null)
    return store
  })
}
