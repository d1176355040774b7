import type { SQLInputValue } from 'node:sqlite'
import type { PersonId } from '../../types.ts'
import type { Origin } from '../people/origins.ts'
import type { SavedPerson } from '../state/state.ts'
import { originFrom, originValues, personFrom, personValues, upsertOrigin, upsertPerson } from './person-rows.ts'
import type { Prepare } from './prepared.ts'

/** Statements about people: what is known of each, what it was merged from, and who is who, or is not. */
export const preparePeople = (prepare: Prepare) => ({
  ...prepareRows(prepare),
  ...prepareOrigins(prepare),
  ...prepareRelations(prepare),
})

const prepareRows = ({ write, read }: Prepare) => {
  const put = write<SQLInputValue[]>(upsertPerson)
  const people = read('SELECT * FROM people ORDER BY place')
  const exemplars = read('SELECT person, weight, sum FROM exemplars ORDER BY person, number')
  return {
    putPerson: (person: SavedPerson) => put(...personValues(person)),
    dropPerson: write<[PersonId]>('DELETE FROM people WHERE id = ?'),
    putExemplar: write<[number, number, number, Uint8Array]>(
      'INSERT INTO exemplars (person, number, weight, sum) VALUES (?, ?, ?, ?)',
    ),
    dropExemplars: write<[number]>('DELETE FROM exemplars WHERE person = ?'),
    people: () => people().map(personFrom),
    exemplars: () => exemplars() as { person: number; weight: number; sum: Uint8Array }[],
  }
}

const prepareOrigins = ({ write, read }: Prepare) => {
  const put = write<SQLInputValue[]>(upsertOrigin)
  const origins = read('SELECT * FROM origins ORDER BY person, number')
  const exemplars = read('SELECT origin, is_rest, weight, sum FROM origin_exemplars ORDER BY origin, is_rest, number')
  return {
    putOrigin: (place: number, number: number, origin: Origin) => put(...originValues(place, number, origin)),
    dropOrigin: write<[PersonId]>('DELETE FROM origins WHERE id = ?'),
    putOriginExemplar: write<[PersonId, number, number, number, Uint8Array]>(
      'INSERT INTO origin_exemplars (origin, is_rest, number, weight, sum) VALUES (?, ?, ?, ?, ?)',
    ),
    dropOriginExemplars: write<[PersonId]>('DELETE FROM origin_exemplars WHERE origin = ?'),
    origins: () => origins().map(originFrom),
    originExemplars: () => exemplars() as { origin: PersonId; is_rest: number; weight: number; sum: Uint8Array }[],
  }
}

/** Former IDs, who was seen together, and IDs that are never given again. */
const prepareRelations = ({ write, read }: Prepare) => {
  const aliases = read('SELECT former, person FROM aliases ORDER BY former')
  const apart = read('SELECT a, b, frames FROM apart ORDER BY a, b')
  const retired = read('SELECT id FROM retired ORDER BY id')
  return {
    putAlias: write<[PersonId, PersonId]>('INSERT OR REPLACE INTO aliases (former, person) VALUES (?, ?)'),
    dropAlias: write<[PersonId]>('DELETE FROM aliases WHERE former = ?'),
    putApart: write<[PersonId, PersonId, number]>('INSERT OR REPLACE INTO apart (a, b, frames) VALUES (?, ?, ?)'),
    dropApart: write<[PersonId, PersonId]>('DELETE FROM apart WHERE a = ? AND b = ?'),
    retire: write<[PersonId]>('INSERT OR IGNORE INTO retired (id) VALUES (?)'),
    aliases: () => aliases().map(({ former, person }) => [former, person] as [PersonId, PersonId]),
    apart: () => apart().map(({ a, b, frames }) => [a, b, frames] as [PersonId, PersonId, number]),
    retired: () => retired().map(({ id }) => id as PersonId),
  }
}
