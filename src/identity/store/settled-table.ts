import type { DatabaseSync } from 'node:sqlite'
import type { PersonId } from '../../types.ts'
import type { SettledArchive } from '../state/settled-tracks.ts'
import type { SettledTrack, StateChange } from '../state/state.ts'
import { type PastTracks, pageOf, pastTrack } from './past-tracks.ts'
import { preparing, type Row } from './prepared.ts'
import { halvesOf } from './vectors.ts'

/** Settled tracks in a table of SQLite. Reads and writes join the transaction that is open. */
export interface SettledTable extends SettledArchive, PastTracks<SettledTrack> {
  /**
   * Writes what has changed: adds and replaces tracks, drops those of deleted people, then at most 100 of those that
   * became known too long ago, by our clock (a file's 1970 says nothing), or are too many.
   */
  apply(change: Pick<StateChange, 'settled' | 'settledGone' | 'sightingsFromMs' | 'retired' | 'clockMs'>): void
}

/** Dropped at once; no commit brings as many, so it keeps up. */
const mostPruned = 50

const prepare = (db: DatabaseSync, onWrite: () => void) => {
  const { write, read } = preparing(db, onWrite)
  return {
    move: write('UPDATE settled_tracks SET person = ? WHERE track = ? AND seq = ?'),
    put: write(
      'INSERT INTO settled_tracks (track, seq, person, camera, last_ms, weight, sum, known_ms, first_ms, faces, quality) ' +
        'VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    date: write('UPDATE settled_tracks SET known_ms = ? WHERE known_ms IS NULL'),
    drop: write('DELETE FROM settled_tracks WHERE track = ? AND seq = ?'),
    remove: write('DELETE FROM settled_tracks WHERE person = ?'),
    pruneOld: write(
      `DELETE FROM settled_tracks WHERE number IN (SELECT number FROM settled_tracks WHERE known_ms < ? LIMIT ${mostPruned})`,
    ),
    pruneFirst: write(
      'DELETE FROM settled_tracks WHERE number IN (SELECT number FROM settled_tracks ORDER BY number LIMIT ?)',
    ),
    count: read('SELECT count(*) AS count FROM settled_tracks'),
    ofPeople: read('SELECT * FROM settled_tracks WHERE person IN (SELECT value FROM json_each(?)) ORDER BY number'),
    ofTrack: read('SELECT * FROM settled_tracks WHERE track = ? ORDER BY number'),
    page: read('SELECT * FROM settled_tracks WHERE last_ms >= ? AND number > ? ORDER BY number LIMIT ?'),
  }
}

/** The database, and how much of settled tracks it may keep. */
export interface SettledTableSetup {
  /** Has the table. */
  readonly db: DatabaseSync
  /** Tracks that are kept; beyond that the oldest go. */
  readonly most: number
  /** Called before each statement that writes. */
  readonly onWrite: () => void
}

/** Opens the table of settled tracks in an open database, on disk or in memory. Whoever opened the database closes it. */
export const openSettledTable = ({ db, most, onWrite }: SettledTableSetup): SettledTable => {
  const run = prepare(db, onWrite)
  let count = Number(run.count()[0]?.count)
  const put = ({ track, seq, person, camera, lastMs, look, shown }: SettledTrack, clockMs: number | null): void => {
    if (run.move(person, track, seq) > 0) return
    const { firstMs = null, faces = null, quality = null } = shown ?? {}
    run.put(track, seq, person, camera, lastMs, look.weight, halvesOf(look.sum), clockMs, firstMs, faces, quality)
    count++
  }
  return {
    apply({ settled, settledGone, sightingsFromMs, retired, clockMs }) {
      for (const one of settled) put(one, clockMs)
      // Their age begins now.
      if (clockMs !== null) run.date(clockMs)
      for (const { track, seq } of settledGone) count -= run.drop(track, seq)
      for (const person of retired) count -= run.remove(person)
      if (sightingsFromMs !== null) count -= run.pruneOld(sightingsFromMs)
      if (count > most) count -= run.pruneFirst(Math.min(count - most, mostPruned))
    },
    ofPeople: (people) => run.ofPeople(JSON.stringify(people)).map(saved),
    ofTrack: (track) => run.ofTrack(track).map(saved),
    page: (query) => pageOf(run.page(query.fromMs, query.after, query.limit), saved),
  }
}

const saved = (row: Row): SettledTrack => ({ ...pastTrack(row), person: row.person as PersonId })
