import type { DatabaseSync } from 'node:sqlite'
import type { CameraId, PersonId, SightingId, TrackId } from '../../types.ts'
import type { SightingArchive } from '../sightings/sightings.ts'
import type { SavedSighting, SightedTrack, StateChange } from '../state/state.ts'
import { preparing, type Row } from './prepared.ts'

/** Which sightings are wanted; what is null does not matter. */
export interface SightingQuery {
  /** IDs of whom: one person may have several. */
  readonly people: readonly PersonId[] | null
  readonly camera: CameraId | null
  /** Those that are at least partly in `fromMs` (counts) until `untilMs` (does not). */
  readonly fromMs: number | null
  readonly untilMs: number | null
  /** Only those that became known before the one with this number. */
  readonly before: number | null
  readonly limit: number
}

/** Sightings in tables of SQLite. Reads and writes join the transaction that is open. */
export interface SightingTable extends SightingArchive {
  /**
   * Writes what has changed: adds and replaces sightings and parts, drops those of deleted people, then at most 100 of
   * those that were over too long ago, by our clock (a file's 1970 says nothing), or are too many. Open ones stay.
   */
  apply(change: Pick<StateChange, 'sightings' | 'sightingsGone' | 'sightingsFromMs' | 'retired' | 'clockMs'>): void
  /** Those that are not over, in the order of becoming known. */
  open(): SavedSighting[]
  /** The parts that these tracks have in sightings, by track and then by frame. */
  partsOf(tracks: readonly TrackId[]): PartOfSighting[]
  /** The one that became known last is first. */
  find(query: SightingQuery): SavedSighting[]
  /** How many are kept that were assigned to one of these IDs. */
  count(people: readonly PersonId[]): number
}

/** Consecutive frames of a track, and the sighting they are in. */
export interface PartOfSighting {
  readonly track: TrackId
  /** Of the first frame. */
  readonly seq: number
  readonly sighting: SightingId
  /** The ID that it was assigned to; it may be an alias now. */
  readonly person: PersonId
}

/** Dropped at once: few, so that no commit is held up. Each commit with a new sighting drops as many, so it keeps up. */
const mostPruned = 50

const prepare = (db: DatabaseSync, onWrite: () => void) => {
  const { write, read } = preparing(db, onWrite)
  return {
    put: write(
      'INSERT INTO sightings (number, id, person, camera, from_ms, until_ms, frames, ended, known_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ' +
        'ON CONFLICT (number) DO UPDATE SET id = excluded.id, person = excluded.person, from_ms = excluded.from_ms, ' +
        'until_ms = excluded.until_ms, frames = excluded.frames, ended = excluded.ended, ' +
        'known_ms = iif(sightings.ended, sightings.known_ms, excluded.known_ms)',
    ),
    putTrack: write(
      'INSERT INTO sighting_tracks (track, seq, sighting, from_ms, until_ms, frames) VALUES (?, ?, ?, ?, ?, ?) ' +
        'ON CONFLICT (track, seq) DO UPDATE SET sighting = excluded.sighting, from_ms = excluded.from_ms, ' +
        'until_ms = excluded.until_ms, frames = excluded.frames',
    ),
    date: write('UPDATE sightings SET known_ms = ? WHERE known_ms IS NULL'),
    drop: write('DELETE FROM sightings WHERE number = ?'),
    dropTrack: write('DELETE FROM sighting_tracks WHERE track = ? AND seq = ?'),
    remove: write('DELETE FROM sightings WHERE person = ?'),
    pruneOld: write(
      `DELETE FROM sightings WHERE number IN (SELECT number FROM sightings WHERE known_ms < ? AND ended = 1 LIMIT ${mostPruned})`,
    ),
    pruneFirst: write(
      'DELETE FROM sightings WHERE number IN (SELECT number FROM sightings WHERE ended = 1 ORDER BY number LIMIT ?)',
    ),
    count: read('SELECT count(*) AS count, max(number) AS newest FROM sightings'),
    countOf: read('SELECT count(*) AS count FROM sightings WHERE person IN (SELECT value FROM json_each(?))'),
    open: read('SELECT * FROM sightings WHERE ended = 0 ORDER BY number'),
    named: read('SELECT * FROM sightings WHERE id = ?'),
    ofPeople: read('SELECT * FROM sightings WHERE person IN (SELECT value FROM json_each(?)) ORDER BY number'),
    ofTracks: read(
      'SELECT * FROM sightings WHERE number IN (SELECT sighting FROM sighting_tracks WHERE track IN ' +
        '(SELECT value FROM json_each(?))) ORDER BY number',
    ),
    parts: read(
      'SELECT part.track AS track, part.seq AS seq, whole.id AS sighting, whole.person AS person ' +
        'FROM sighting_tracks AS part JOIN sightings AS whole ON whole.number = part.sighting ' +
        'WHERE part.track IN (SELECT value FROM json_each(?)) ORDER BY part.track, part.seq',
    ),
    tracks: read('SELECT * FROM sighting_tracks WHERE sighting = ? ORDER BY from_ms, track, seq'),
  }
}

const conditions = {
  people: 'person IN (SELECT value FROM json_each(?))',
  camera: 'camera = ?',
  fromMs: 'until_ms > ?',
  untilMs: 'from_ms < ?',
  before: 'number < ?',
} as const

/** The database, and how many sightings it may keep. */
export interface SightingTableSetup {
  /** Has the tables. */
  readonly db: DatabaseSync
  /** Sightings that are kept; beyond that the oldest go. */
  readonly most: number
  /** Called before each statement that writes. */
  readonly onWrite: () => void
}

/** Opens the table of sightings in an open database, on disk or in memory. Whoever opened the database closes it. */
export const openSightingTable = ({ db, most, onWrite }: SightingTableSetup): SightingTable => {
  const run = prepare(db, onWrite)
  const [there] = run.count()
  let count = Number(there?.count)
  /** Numbers only grow, so that a higher one is a new sighting. */
  let newest = Number(there?.newest ?? 0)
  const part = ({ track, seq, from_ms, until_ms, frames }: Row): SightedTrack => ({
    track: track as TrackId,
    seq: seq as number,
    fromMs: from_ms as number,
    untilMs: until_ms as number,
    frames: frames as number,
  })
  const saved = ({ number, id, person, camera, from_ms, until_ms, frames, ended }: Row): SavedSighting => ({
    number: number as number,
    sighting: id as SightingId,
    person: person as PersonId,
    camera: camera as CameraId,
    fromMs: from_ms as number,
    untilMs: until_ms as number,
    frames: frames as number,
    ended: ended === 1,
    tracks: run.tracks(number as number).map(part),
  })
  const put = (one: SavedSighting, clockMs: number | null): void => {
    const { number, sighting, person, camera, fromMs, untilMs, frames, ended, tracks } = one
    if (number > newest) count++
    newest = Math.max(newest, number)
    run.put(number, sighting, person, camera, fromMs, untilMs, frames, ended ? 1 : 0, clockMs)
    for (const part of tracks) run.putTrack(part.track, part.seq, number, part.fromMs, part.untilMs, part.frames)
  }
  return {
    apply({ sightings, sightingsGone, sightingsFromMs, retired, clockMs }) {
      for (const sighting of sightings) put(sighting, clockMs)
      // Their age begins now.
      if (clockMs !== null) run.date(clockMs)
      for (const { number, tracks } of sightingsGone) {
        count -= run.drop(number)
        for (const { track, seq } of tracks) run.dropTrack(track, seq)
      }
      for (const person of retired) count -= run.remove(person)
      if (sightingsFromMs !== null) count -= run.pruneOld(sightingsFromMs)
      if (count > most) count -= run.pruneFirst(Math.min(count - most, mostPruned))
    },
    count: (people) => Number(run.countOf(JSON.stringify(people))[0]?.count),
    open: () => run.open().map(saved),
    ofTracks: (tracks) => run.ofTracks(JSON.stringify(tracks)).map(saved),
    ofPeople: (people) => run.ofPeople(JSON.stringify(people)).map(saved),
    named: (sighting) => run.named(sighting).map(saved)[0] ?? null,
    partsOf: (tracks) => run.parts(JSON.stringify(tracks)) as unknown as PartOfSighting[],
    find({ limit, people, ...rest }) {
      const wanted = { people: people && JSON.stringify(people), ...rest }
      const given = Object.entries(wanted).flatMap(([key, value]) =>
        value === null ? [] : [{ sql: conditions[key as keyof typeof conditions], value }],
      )
      const where = given.length === 0 ? '' : `WHERE ${given.map(({ sql }) => sql).join(' AND ')}`
      const statement = db.prepare(`SELECT * FROM sightings ${where} ORDER BY number DESC LIMIT ?`)
      return (statement.all(...given.map(({ value }) => value), limit) as Row[]).map(saved)
    },
  }
}
