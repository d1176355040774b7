import { errnoName, isDiskFull } from '../../disk.ts'
import { RollcallError } from '../../errors.ts'
import type { Running } from './running.ts'

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html). */
const [ERROR, BUSY, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB] = [1, 5, 8, 10, 11, 13, 14, 26]

/** Of an error of node:sqlite; null for any other. */
const resultCode = (error: unknown): number | null => {
  const code = (error as { errcode?: unknown } | null)?.errcode
  return typeof code === 'number' ? code & 0xff : null
}

/** Whether SQLite says that another process holds the lock. */
export const isBusy = (error: unknown): boolean => resultCode(error) === BUSY

/** The STATE error for a directory that another process has open; names that process where it is known. */
export const inUse = (directory: string, who: Running | null, cause?: unknown): RollcallError =>
  new RollcallError(
    'STATE',
    `state.directory: ${directory} is in use by ${who ? `process ${who.pid}${who.url ? ` (${who.url})` : ''}` : 'another program'}`,
    { cause, remedy: 'Stop that one, or give this one a directory of its own with --state DIR (--state off: none).' },
  )

/** The STATE error for a file whose content makes no sense. The file is left as it is. */
export const damaged = (file: string, what: string, cause?: unknown): RollcallError =>
  new RollcallError('STATE', `${file} is damaged: ${what}`, {
    cause,
    remedy:
      'Put a backup in its place, or move it away to begin with nobody known; the file has been left as it is, and sqlite3 FILE .recover may save most of it.',
  })

/** The result code that stands for an error of node:fs; null for any other. */
const fileCode = (error: unknown): number | null => {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException
  if (code === undefined || syscall === undefined) return null
  if (isDiskFull(error)) return FULL
  return errnoName(error) === 'EIO' ? IOERR : CANTOPEN
}

/** Turns a failure of SQLite or of the file system into STATE, which says what to do. Other errors stay as they are. */
export const asStateError = (error: unknown, file: string): unknown => {
  const code = resultCode(error) ?? fileCode(error)
  if (code === null) return error
  const what = (error as Error).message
  // A table or column that is missing: every statement of ours fits the schema.
  if (code === CORRUPT || code === NOTADB || code === ERROR) return damaged(file, what, error)
  const remedy =
    code === FULL
      ? 'Make room on that disk; nothing that was published is lost.'
      : code === READONLY || code === CANTOPEN
        ? 'Let this user write to the directory, or name another with --state DIR.'
        : 'Check the disk; what was committed before is safe.'
  return new RollcallError('STATE', `${file}: ${what}`, { cause: error, remedy })
}

/** The model that the embeddings of a state come from. Two states compare only when `sha256` and `dimensions` are the same. */
export interface StoredEmbedder {
  /** For people. */
  readonly name: string
  readonly sha256: string
  readonly dimensions: number
}

/** The STATE error for a state whose embeddings come from another model than the given one. */
export const otherEmbedder = (directory: string, stored: StoredEmbedder, given: StoredEmbedder): RollcallError =>
  new RollcallError(
    'STATE',
    `state.directory: the people in ${directory} were learned with the embedder ${stored.name} (${stored.sha256.slice(0, 12)}…, ${stored.dimensions} numbers), ` +
      `not with ${given.name} (${given.sha256.slice(0, 12)}…, ${given.dimensions} numbers); the two cannot be compared`,
    {
      remedy:
        'Carry the people over with rollcall models migrate OLD NEW --state DIR, go back to that model (models.embedder), or begin anew in another directory with --state DIR.',
    },
  )
