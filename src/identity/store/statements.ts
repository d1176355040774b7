import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { PersonId } from '../../types.ts'
import type { Origin } from '../people/origins.ts'
import type { LiveKey } from '../state/live-rows.ts'
import type { SavedPerson } from '../state/state.ts'
import type { StoreBounds, StoreSizes } from './bounds.ts'
import { originFrom, originValues, personFrom, personValues, upsertOrigin, upsertPerson } from './person-rows.ts'
import { preparing, type Row } from './prepared.ts'

/** All prepared statements of one open database. */
export type Statements = ReturnType<typeof prepareAll>

/** Every statement the store runs, prepared once, with typed parameters and rows. */
export const prepareAll = (db: DatabaseSync, onWrite: () => void) => {
  const { write, read } = preparing(db, onWrite)
  const putPerson = write<SQLInputValue[]>(upsertPerson)
  const putOrigin = write<SQLInputValue[]>(upsertOrigin)
  const dropEventsOf = write<[PersonId, number]>('DELETE FROM events WHERE person = ? AND sequence <> ?')
  const dropEventsWith = write<[PersonId, number]>('DELETE FROM events WHERE other = ? AND sequence <> ?')
  const forgetMatch = (match: 'candidate' | 'runnerUp') =>
    write<[PersonId]>(
      `UPDATE events SET event = json_set(event, '$.data.${match}', NULL) WHERE event ->> '$.data.${match}.person' = ?`,
    )
  const [forgetCandidate, forgetRunnerUp] = [forgetMatch('candidate'), forgetMatch('runnerUp')]
  const dropSightingEvents = write<[PersonId, PersonId]>('DELETE FROM sighting_events WHERE person = ? OR other = ?')
  const site = read('SELECT sequence, published, created, scrub, clock_ms FROM site')
  const people = read('SELECT * FROM people ORDER BY place')
  const exemplars = read('SELECT person, weight, sum FROM exemplars ORDER BY person, number')
  const origins = read('SELECT * FROM origins ORDER BY person, number')
  const originExemplars = read(
    'SELECT origin, is_rest, weight, sum FROM origin_exemplars ORDER BY origin, is_rest, number',
  )
  const aliases = read('SELECT former, person FROM aliases ORDER BY former')
  const apart = read('SELECT a, b, frames FROM apart ORDER BY a, b')
  const retired = read('SELECT id FROM retired ORDER BY id')
  const live = read('SELECT kind, key, value FROM live_rows ORDER BY kind, key')
  const eventsAfter = read<[number, number, number]>(
    'SELECT sequence, event FROM events WHERE sequence > ? ' +
      'UNION ALL SELECT sequence, event FROM sighting_events WHERE sequence > ? ORDER BY sequence LIMIT ?',
  )
  const countAfter = read<[number, number]>(
    'SELECT (SELECT count(*) FROM events WHERE sequence > ?) + (SELECT count(*) FROM sighting_events WHERE sequence > ?) AS number',
  )
  const eventsOf = read<[PersonId, PersonId, number]>(
    'SELECT event FROM (SELECT sequence, event FROM events WHERE person = ? OR other = ? ORDER BY sequence DESC LIMIT ?) ORDER BY sequence',
  )

  const counts = read(
    'SELECT (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM sightings) AS sightings, ' +
      '(SELECT count(*) FROM settled_tracks) AS settled',
  )
  const pages = read(
    'SELECT page_count * page_size AS bytes, freelist_count * page_size AS freeBytes ' +
      'FROM pragma_page_count, pragma_freelist_count, pragma_page_size',
  )

  return {
    sizes: (): StoreSizes => ({
      rows: counts()[0] as StoreBounds & Row,
      ...(pages()[0] as Omit<StoreSizes, 'rows'> & Row),
    }),
    putPerson: (person: SavedPerson) => putPerson(...personValues(person)),
    dropPerson: write<[PersonId]>('DELETE FROM people WHERE id = ?'),
    putExemplar: write<[number, number, number, Uint8Array]>(
      'INSERT INTO exemplars (person, number, weight, sum) VALUES (?, ?, ?, ?)',
    ),
    dropExemplars: write<[number]>('DELETE FROM exemplars WHERE person = ?'),
    putOrigin: (place: number, number: number, origin: Origin) => putOrigin(...originValues(place, number, origin)),
    dropOrigin: write<[PersonId]>('DELETE FROM origins WHERE id = ?'),
    putOriginExemplar: write<[PersonId, number, number, number, Uint8Array]>(
      'INSERT INTO origin_exemplars (origin, is_rest, number, weight, sum) VALUES (?, ?, ?, ?, ?)',
    ),
    dropOriginExemplars: write<[PersonId]>('DELETE FROM origin_exemplars WHERE origin = ?'),
    putAlias: write<[PersonId, PersonId]>('INSERT OR REPLACE INTO aliases (former, person) VALUES (?, ?)'),
    dropAlias: write<[PersonId]>('DELETE FROM aliases WHERE former = ?'),
    putApart: write<[PersonId, PersonId, number]>('INSERT OR REPLACE INTO apart (a, b, frames) VALUES (?, ?, ?)'),
    dropApart: write<[PersonId, PersonId]>('DELETE FROM apart WHERE a = ? AND b = ?'),
    retire: write<[PersonId]>('INSERT OR IGNORE INTO retired (id) VALUES (?)'),
    putEvent: write<[number, PersonId, PersonId | null, string]>(
      'INSERT OR REPLACE INTO events (sequence, person, other, event) VALUES (?, ?, ?, ?)',
    ),
    /** Those about the person, but for the one that says it was deleted; others do not mention it any more. */
    dropEvents(id: PersonId, deletion: number): void {
      dropEventsOf(id, deletion)
      dropEventsWith(id, deletion)
      dropSightingEvents(id, id)
      forgetCandidate(id)
      forgetRunnerUp(id)
    },
    putSightingEvent: write<[number, PersonId, PersonId | null, string]>(
      'INSERT OR REPLACE INTO sighting_events (sequence, person, other, event) VALUES (?, ?, ?, ?)',
    ),
    trimSightingEvents: write<[number]>('DELETE FROM sighting_events WHERE sequence <= ?'),
    trimEvents: write<[number]>('DELETE FROM events WHERE sequence <= ?'),
    putLive: write<[string, string, Uint8Array]>(
      'INSERT INTO live_rows (kind, key, value) VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value',
    ),
    dropLive: write<[string, string]>('DELETE FROM live_rows WHERE kind = ? AND key = ?'),
    /** `scrub` is set and stays so until it has been done. */
    putSite: write<[number, number, number, number, number | null]>(
      'UPDATE site SET sequence = ?, created = ?, published = ?, scrub = max(scrub, ?), clock_ms = ?',
    ),
    putPublished: write<[number]>('UPDATE site SET published = ?'),

    site: () => {
      const [row] = site()
      return {
        sequence: Number(row?.sequence),
        published: Number(row?.published),
        created: Number(row?.created),
        scrub: row?.scrub === 1,
        clockMs: row?.clock_ms as number | null,
      }
    },
    people: () => people().map(personFrom),
    exemplars: () => exemplars() as { person: number; weight: number; sum: Uint8Array }[],
    origins: () => origins().map(originFrom),
    originExemplars: () =>
      originExemplars() as { origin: PersonId; is_rest: number; weight: number; sum: Uint8Array }[],
    aliases: () => aliases().map(({ former, person }) => [former, person] as [PersonId, PersonId]),
    apart: () => apart().map(({ a, b, frames }) => [a, b, frames] as [PersonId, PersonId, number]),
    retired: () => retired().map(({ id }) => id as PersonId),
    live: () => live() as unknown as (LiveKey & { readonly value: Uint8Array })[],
    /** At most so many; with -1 all. */
    eventsAfter: (sequence: number, most: number) =>
      eventsAfter(sequence, sequence, most).map(({ event }) => event as string),
    countAfter: (sequence: number) => Number(countAfter(sequence, sequence)[0]?.number),
    eventsOf: (id: PersonId, most: number) => eventsOf(id, id, most).map(({ event }) => event as string),
  }
}
