import type { DatabaseSync } from 'node:sqlite'
import { deserialize, serialize } from 'node:v8'
import { RollcallError } from '../../errors.ts'
import type { PersonId } from '../../types.ts'
import { rowsOf } from '../state/live-rows.ts'
import { type Found, type SavedLive1, upgradeLive1 } from '../state/live-state-1.ts'
import { damaged } from './problems.ts'

/** Whom an ID stands for in the file, which has no prepared statements yet. */
const peopleOf = (db: DatabaseSync): Found => {
  const known = new Set(
    db
      .prepare('SELECT id FROM people')
      .all()
      .map(({ id }) => String(id)),
  )
  const aliases = new Map(
    db
      .prepare('SELECT former, person FROM aliases')
      .all()
      .map(({ former, person }) => [String(former), String(person)]),
  )
  const resolve = (id: PersonId): PersonId => {
    let current = id
    for (let next = aliases.get(current); next !== undefined; next = aliases.get(current)) current = next
    return current
  }
  return { resolve, find: (id: PersonId) => (known.has(resolve(id)) ? { id: resolve(id) } : null) }
}

/**
 * Schema 1 kept all that is about now in one blob; makes rows of it. Throws STATE for a blob of a version that is not known,
 * or that cannot be read.
 */
export const convertLive = (db: DatabaseSync, file: string): void => {
  const [row] = db.prepare('SELECT state FROM live').all()
  const saved = row ? versionOne(row.state as Uint8Array, file) : null
  if (saved) convert(db, file, saved)
  db.exec('DROP TABLE live')
}

const convert = (db: DatabaseSync, file: string, saved: SavedLive1): void => {
  const put = db.prepare('INSERT INTO live_rows (kind, key, value) VALUES (?, ?, ?)')
  try {
    for (const { kind, key, value } of rowsOf(upgradeLive1(saved, peopleOf(db)))) put.run(kind, key, serialize(value))
    // It could hold tracklets of people who were deleted.
    db.exec('UPDATE site SET scrub = 1')
  } catch (cause) {
    throw damaged(file, `what was in view cannot be read (${(cause as Error).message})`, cause)
  }
}

/** Null: the state had nothing in view. */
const versionOne = (bytes: Uint8Array, file: string): SavedLive1 | null => {
  let saved: { readonly version?: unknown } | null
  try {
    saved = deserialize(bytes)
  } catch (cause) {
    throw damaged(file, 'what was in view cannot be read', cause)
  }
  if (saved === null) return null
  if (saved?.version === 1) return saved as SavedLive1
  throw new RollcallError('STATE', `${file}: what was in view has version ${String(saved?.version)}, expected 1`, {
    remedy: 'Use the Rollcall that wrote it, or put a backup in its place; the file has been left as it is.',
  })
}
