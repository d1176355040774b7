import type { SQLInputValue } from 'node:sqlite'
import type { Cause } from '../../events/types.ts'
import type { PersonId } from '../../types.ts'
import type { Origin } from '../people/origins.ts'
import type { SavedPerson } from '../state/state.ts'
import type { Row } from './prepared.ts'

/** The columns that `people` and `origins` share. */
const shared = [
  'place',
  'id',
  'name',
  'archived',
  'created_at_ms',
  'last_seen_at_ms',
  'unseen_since_ms',
  'last_camera',
  'tracks',
  'faces',
] as const

const sharedValues = (one: SavedPerson | Origin): SQLInputValue[] => {
  const { order, id, name, archived, createdAtMs, lastSeenAtMs, unseenSinceMs, lastCamera, tracks, faces } = one
  return [order, id, name, archived ? 1 : 0, createdAtMs, lastSeenAtMs, unseenSinceMs, lastCamera, tracks, faces]
}

const sharedFrom = (row: Row) => ({
  order: row.place as number,
  id: row.id as PersonId,
  name: row.name as string | null,
  archived: row.archived === 1,
  createdAtMs: row.created_at_ms as number,
  lastSeenAtMs: row.last_seen_at_ms as number,
  unseenSinceMs: row.unseen_since_ms as number | null,
  lastCamera: row.last_camera as string,
  tracks: row.tracks as number,
  faces: row.faces as number,
})

/** SQL that inserts a row with all of these columns, or changes the one that has the same `key`. */
const upsert = (table: string, key: string, columns: readonly string[]): string =>
  `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ` +
  `ON CONFLICT (${key}) DO UPDATE SET ` +
  columns.flatMap((column) => (column === key ? [] : `${column} = excluded.${column}`)).join(', ')

/** SQL that writes a person; `personValues` are its parameters. */
export const upsertPerson = upsert('people', 'place', [...shared, 'sources'])

export const personValues = (person: SavedPerson): SQLInputValue[] => [...sharedValues(person), person.sources]

/** A row of `people`, without its exemplars and origins. */
export const personFrom = (row: Row) => ({ ...sharedFrom(row), sources: row.sources as number })

/** SQL that writes an origin; `originValues` are its parameters. */
export const upsertOrigin = upsert('origins', 'id', [
  ...shared,
  'person',
  'number',
  'merged_into',
  'merged_by',
  'rest_last_seen_at_ms',
  'rest_unseen_since_ms',
  'rest_last_camera',
])

/** `place` is the person's that the origin is part of; `number` its place among that person's origins. */
export const originValues = (place: number, number: number, origin: Origin): SQLInputValue[] => {
  const { into, by, rest } = origin
  const own = [place, number, into, by, rest.lastSeenAtMs, rest.unseenSinceMs, rest.lastCamera]
  return [...sharedValues(origin), ...own]
}

/** A row of `origins`, without its exemplars. */
export const originFrom = (row: Row) => ({
  ...sharedFrom(row),
  person: row.person as number,
  into: row.merged_into as PersonId,
  by: row.merged_by as Cause,
  restLastSeenAtMs: row.rest_last_seen_at_ms as number,
  restUnseenSinceMs: row.rest_unseen_since_ms as number | null,
  restLastCamera: row.rest_last_camera as string,
})
