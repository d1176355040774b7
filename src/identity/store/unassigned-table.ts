import type { DatabaseSync } from 'node:sqlite'
import type { PastTrack, StateChange } from '../state/state.ts'
import type { UnassignedArchive } from '../state/unassigned-tracks.ts'
import { type PastTracks, pageOf, pastTrack } from './past-tracks.ts'
import { preparing, type Row } from './prepared.ts'
import type { SettledTableSetup } from './settled-table.ts'
import { halvesOf } from './vectors.ts'

/** Tracks without a person in a table of SQLite. Reads and writes join the transaction that is open. */
export interface UnassignedTable extends UnassignedArchive, PastTracks<PastTrack> {
  /**
   * Writes what has changed: adds tracks, drops those that look like deleted people, then at most 100 of those that became
   * known too long ago, by our clock, or are too many.
   */
  apply(change: Pick<StateChange, 'unassigned' | 'unassignedGone' | 'unassignedFromMs' | 'clockMs'>): void
}

/** Dropped at once; no commit brings as many, so it keeps up. */
const mostPruned = 50

const prepare = (db: DatabaseSync, onWrite: () => void) => {
  const { write, read } = preparing(db, onWrite)
  return {
    put: write(
      'INSERT INTO unassigned_tracks (track, seq, camera, last_ms, weight, sum, known_ms, first_ms, faces, quality) ' +
        'VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (track, seq) DO NOTHING',
    ),
    date: write('UPDATE unassigned_tracks SET known_ms = ? WHERE known_ms IS NULL'),
    drop: write('DELETE FROM unassigned_tracks WHERE track = ? AND seq = ?'),
    pruneOld: write(
      `DELETE FROM unassigned_tracks WHERE number IN (SELECT number FROM unassigned_tracks WHERE known_ms < ? LIMIT ${mostPruned})`,
    ),
    pruneFirst: write(
      'DELETE FROM unassigned_tracks WHERE number IN (SELECT number FROM unassigned_tracks ORDER BY number LIMIT ?)',
    ),
    count: read('SELECT count(*) AS count FROM unassigned_tracks'),
    page: read('SELECT * FROM unassigned_tracks WHERE last_ms >= ? AND number > ? ORDER BY number LIMIT ?'),
    all: db.prepare('SELECT * FROM unassigned_tracks'),
  }
}

/** Opens the table of unassigned tracks in an open database, on disk or in memory. Whoever opened the database closes it. */
export const openUnassignedTable = ({ db, most, onWrite }: SettledTableSetup): UnassignedTable => {
  const run = prepare(db, onWrite)
  let count = Number(run.count()[0]?.count)
  const put = ({ track, seq, camera, lastMs, look, shown }: PastTrack, clockMs: number | null): void => {
    const { firstMs = lastMs, faces = 1, quality = 0 } = shown ?? {}
    count += run.put(track, seq, camera, lastMs, look.weight, halvesOf(look.sum), clockMs, firstMs, faces, quality)
  }
  return {
    apply({ unassigned, unassignedGone, unassignedFromMs, clockMs }) {
      for (const one of unassigned) put(one, clockMs)
      // Their age begins now.
      if (clockMs !== null) run.date(clockMs)
      for (const { track, seq } of unassignedGone) count -= run.drop(track, seq)
      if (unassignedFromMs !== null && count > 0)
        count -= run.pruneOld(Math.min(unassignedFromMs, Number.MAX_SAFE_INTEGER))
      if (count > most) count -= run.pruneFirst(Math.min(count - most, mostPruned))
    },
    page: (query) => pageOf(run.page(query.fromMs, query.after, query.limit), pastTrack),
    *all() {
      for (const row of run.all.iterate()) yield pastTrack(row as Row)
    },
  }
}
