import type { DatabaseSync } from 'node:sqlite'
import { deserialize, serialize } from 'node:v8'
import { dot, unit } from '../../math/vector.ts'
import { preparing } from './prepared.ts'
import type { StoredEmbedder } from './problems.ts'
import { bytesOf, floatsOf, floatsOfHalves, halvesOf } from './vectors.ts'

/** How looks come from the space of one embedder into that of another. */
export interface Carrying {
  /** The embedder that the state has then. */
  readonly to: StoredEmbedder
  /** Where a direction of the old embedder lies in the space of the new one. Unit length in, unit length out. */
  readonly map: (direction: Float32Array) => Float32Array
}

/** How much was carried over. */
export interface CarriedOver {
  readonly people: number
  /** Looks of people, of what was merged into them, of past tracks, of objectors, and of tracks that are in view. */
  readonly looks: number
}

/** Maps every look of a state, and says whose embeddings they are then, in one transaction. `onWrite` comes before each statement that writes. */
export const carryRows = (db: DatabaseSync, carrying: Carrying, onWrite: () => void): CarriedOver =>
  inTransaction(db, onWrite, () => carryAll(db, { ...carrying, onWrite }))

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
const mappedSum = (sum: Float32Array, map: Carrying['map']): Float32Array => {
  const direction = unit(sum)
  if (!direction) return new Float32Array(map(new Float32Array(sum.length)).length)
  const length = Math.sqrt(dot(sum, sum))
  return map(direction).map((value) => value * length)
}

const carryAll = (db: DatabaseSync, { to, map, onWrite }: Carrying & { readonly onWrite: () => void }): CarriedOver => {
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
