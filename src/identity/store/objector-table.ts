import type { DatabaseSync } from 'node:sqlite'
import type { ObjectorId } from '../../types.ts'
import type { Exemplar, SavedObjector, StateChange } from '../state/state.ts'
import { preparing } from './prepared.ts'
import { bytesOf, floatsOf } from './vectors.ts'

/** Those who are never to be recognised, in tables of SQLite. Reads and writes join the transaction that is open. */
export interface ObjectorTable {
  /** In the order in which they objected. */
  all(): SavedObjector[]
  apply(change: Pick<StateChange, 'objectors' | 'objectorsGone'>): void
}

const prepare = (db: DatabaseSync, onWrite: () => void) => {
  const { write, read } = preparing(db, onWrite)
  return {
    put: write<[ObjectorId, number, string, string | null, string]>(
      'INSERT INTO objectors (id, objected_at_ms, how, note, code) VALUES (?, ?, ?, ?, ?)',
    ),
    putLook: write<[ObjectorId, number, number, Uint8Array]>(
      'INSERT INTO objector_looks (objector, number, weight, sum) VALUES (?, ?, ?, ?)',
    ),
    drop: write<[ObjectorId]>('DELETE FROM objectors WHERE id = ?'),
    all: read('SELECT id, objected_at_ms, how, note, code FROM objectors ORDER BY place'),
    looks: read('SELECT objector, weight, sum FROM objector_looks ORDER BY objector, number'),
  }
}

/** Opens the tables in an open database. Whoever opened the database closes it. */
export const openObjectorTable = (db: DatabaseSync, onWrite: () => void): ObjectorTable => {
  const run = prepare(db, onWrite)
  return {
    all() {
      const looks = Map.groupBy(run.looks(), ({ objector }) => objector as ObjectorId)
      return run.all().map((row) => ({
        id: row.id as ObjectorId,
        objectedAtMs: Number(row.objected_at_ms),
        how: row.how as SavedObjector['how'],
        note: row.note as string | null,
        code: row.code as string,
        looks: (looks.get(row.id as ObjectorId) ?? []).map(
          ({ weight, sum }): Exemplar => ({ sum: floatsOf(sum as Uint8Array), weight: Number(weight) }),
        ),
      }))
    },
    apply({ objectors, objectorsGone }) {
      for (const { id, objectedAtMs, how, note, code, looks } of objectors) {
        run.put(id, objectedAtMs, how, note, code)
        for (const [number, { sum, weight }] of looks.entries()) run.putLook(id, number, weight, bytesOf(sum))
      }
      for (const id of objectorsGone) run.drop(id)
    },
  }
}
