import type { DatabaseSync } from 'node:sqlite'
import type { PersonId } from '../../types.ts'
import type { LiveKey } from '../state/live-rows.ts'
import type { StoreBounds, StoreSizes } from './bounds.ts'
import { prepareEvents } from './event-statements.ts'
import { preparePeople } from './person-statements.ts'
import { type Prepare, preparing, type Row } from './prepared.ts'

/** All prepared statements of one open database. */
export type Statements = ReturnType<typeof prepareAll>

/** Every statement the store runs, prepared once, with typed parameters and rows. */
export const prepareAll = (db: DatabaseSync, onWrite: () => void) => {
  const prepare = preparing(db, onWrite)
  return {
    ...preparePeople(prepare),
    ...prepareEvents(prepare),
    ...prepareLive(prepare),
    ...prepareSite(prepare),
    sizes: prepareSizes(prepare),
  }
}

/** What was in view. */
const prepareLive = ({ write, read }: Prepare) => {
  const live = read('SELECT kind, key, value FROM live_rows ORDER BY kind, key')
  return {
    putLive: write<[string, string, Uint8Array]>(
      'INSERT INTO live_rows (kind, key, value) VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value',
    ),
    dropLive: write<[string, string]>('DELETE FROM live_rows WHERE kind = ? AND key = ?'),
    /** What rules know of a person: see `SavedVisit.key`. */
    dropVisits: write<[PersonId]>("DELETE FROM live_rows WHERE kind = 'rule' AND substr(key, instr(key, ' ') + 1) = ?"),
    live: () => live() as unknown as (LiveKey & { readonly value: Uint8Array })[],
  }
}

/** The one row about the site itself. */
const prepareSite = ({ write, read }: Prepare) => {
  const site = read('SELECT sequence, published, created, scrub, clock_ms FROM site')
  return {
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
  }
}

const prepareSizes = ({ read }: Prepare) => {
  const counts = read(
    'SELECT (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM sightings) AS sightings, ' +
      '(SELECT count(*) FROM settled_tracks) AS settled, (SELECT count(*) FROM unassigned_tracks) AS unassigned',
  )
  const pages = read(
    'SELECT page_count * page_size AS bytes, freelist_count * page_size AS freeBytes ' +
      'FROM pragma_page_count, pragma_freelist_count, pragma_page_size',
  )
  return (): StoreSizes => ({
    rows: counts()[0] as StoreBounds & Row,
    ...(pages()[0] as Omit<StoreSizes, 'rows'> & Row),
  })
}
