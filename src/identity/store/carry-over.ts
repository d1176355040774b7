import { existsSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { deserialize, serialize } from 'node:v8'
import { dot, unit } from '../../math/vector.ts'
import { fileOf, noState, storedEmbedder, withLockedFile } from './open.ts'
import { preparing } from './prepared.ts'
import { otherEmbedder, type StoredEmbedder } from './problems.ts'
import { livesInTopic, readPosition } from './topic-position.ts'
import { bytesOf, floatsOf, floatsOfHalves, halvesOf } from './vectors.ts'

/** What a state is carried over with. */
export interface CarryOver {
  /** The embedder that the state must have. */
  readonly from: StoredEmbedder
  /** The embedder that it has then. */
  readonly to: StoredEmbedder
  /** Where a direction of the old embedder lies in the space of the new one. Unit length in, unit length out. */
  readonly map: (direction: Float32Array) => Float32Array
  /** Called before each statement that writes: where tests pull the plug. */
  readonly onWrite?: () => void
}

/** How much was carried over. */
export interface CarriedOver {
  readonly people: number
  /** Looks of people, of what was merged into them, of past tracks, of objectors, and of tracks that are in view. */
  readonly looks: number
}

/** Opens a state that must be of the embedder `from`. Throws STATE. */
const withStateOf = <T>(
  directory: string,
  from: StoredEmbedder,
  onWrite: () => void,
  use: (db: DatabaseSync) => T,
): T => {
  if (!existsSync(fileOf(directory))) throw noState(directory)
  return withLockedFile(directory, onWrite, ({ db, close }) => {
    const stored = storedEmbedder(db)
    if (!stored) throw noState(directory)
    if (stored.sha256 !== from.sha256 || stored.dimensions !== from.dimensions)
      throw otherEmbedder(directory, stored, from)
    if (readPosition(db) !== null) throw livesInTopic(fileOf(directory))
    const result = use(db)
    close()
    return result
  })
}

/** Throws STATE when `carryOver` would: the state is not there, in use, or of another embedder than `from`. Changes nobody. */
export const requireCarryable = (directory: string, from: StoredEmbedder): void =>
  withStateOf(
    directory,
    from,
    () => undefined,
    () => undefined,
  )

/**
 * Carries the people of a state over to another embedder: every look is mapped, with its evidence and clarity as they were; IDs,
 * names, merges, cannot-links and sightings stay. All of it in one transaction. Throws STATE when the state is in use, or is of
 * another embedder than `from`; then nothing has changed.
 */
export const carryOver = (directory: string, { from, to, map, onWrite = () => undefined }: CarryOver): CarriedOver =>
  withStateOf(directory, from, onWrite, (db) => inTransaction(db, onWrite, () => carryAll(db, { to, map, onWrite })))

const inTransaction = <T>(db: DatabaseSync, onWrite: () => void, work: () => T): T => {
  db.exec('PRAGMA synchronous = FULL; BEGIN IMMEDIATE')
  try {
    const result = work()
    onWrite()
    db.exec('COMMIT')
    return result
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

/** A sum of looks in the new space: as long as before, so it shows as much. */
const mappedSum = (sum: Float32Array, map: CarryOver['map']): Float32Array => {
  const direction = unit(sum)
  if (!direction) return new Float32Array(map(new Float32Array(sum.length)).length)
  const length = Math.sqrt(dot(sum, sum))
  return map(direction).map((value) => value * length)
}

const carryAll = (
  db: DatabaseSync,
  { to, map, onWrite }: Required<Pick<CarryOver, 'to' | 'map' | 'onWrite'>>,
): CarriedOver => {
  const { read, write } = preparing(db, onWrite)
  let looks = 0
  const carryTable = (table: string, isHalf: boolean): void => {
    const put = write<[Uint8Array, number]>(`UPDATE ${table} SET sum = ? WHERE rowid = ?`)
    const rows = read<[number]>(`SELECT rowid AS row, sum FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT 1000`)
    for (let last = -1; ; ) {
      const some = rows(last)
      if (some.length === 0) return
      for (const { row, sum } of some) {
        const bytes = sum as Uint8Array
        const moved = mappedSum(isHalf ? floatsOfHalves(bytes) : floatsOf(bytes), map)
        put(isHalf ? halvesOf(moved) : bytesOf(moved), row as number)
        looks++
        last = row as number
      }
    }
  }
  carryTable('exemplars', false)
  carryTable('origin_exemplars', false)
  carryTable('settled_tracks', true)
  carryTable('unassigned_tracks', true)
  carryTable('objector_looks', false)
  const putTemplate = write<[Uint8Array, string]>("UPDATE live_rows SET value = ? WHERE kind = 'template' AND key = ?")
  for (const { key, value } of read("SELECT key, value FROM live_rows WHERE kind = 'template'")()) {
    const template = deserialize(value as Uint8Array) as { readonly sum: Float64Array }
    const sum = Float64Array.from(mappedSum(Float32Array.from(template.sum), map))
    putTemplate(serialize({ ...template, sum, mean: unit(sum) ? null : Float32Array.from(sum) }), key as string)
    looks++
  }
  write('UPDATE site SET embedder = ?, sha256 = ?, dimensions = ?')(to.name, to.sha256, to.dimensions)
  return { people: Number(read('SELECT count(*) AS count FROM people')()[0]?.count), looks }
}
