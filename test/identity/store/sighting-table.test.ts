import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import type { SavedSighting } from '../../../src/identity/state/state.ts'
import { sightingTables } from '../../../src/identity/store/schema.ts'
import { openSightingTable, type SightingQuery } from '../../../src/identity/store/sighting-table.ts'
import { changeOf, open, personAt, temporaryDirectory } from './states.ts'

const noonMs = Date.UTC(2026, 2, 2, 12)

/** The number-th sighting: a minute each, from noon on. */
const sightingAt = (number: number, more: Partial<SavedSighting> = {}): SavedSighting => {
  const track = `door/s/${number}`
  const [fromMs, untilMs] = [noonMs + number * 60_000, noonMs + (number + 1) * 60_000]
  const part = { track, seq: 7, fromMs, untilMs, frames: 600 }
  const whose = { person: 'p-0', camera: 'door', ended: true }
  return { number, sighting: `${track}/7`, ...whose, fromMs, untilMs, frames: 600, tracks: [part], ...more }
}

const tableOf = (most: number) => {
  const db = new DatabaseSync(':memory:', { enableForeignKeyConstraints: true })
  db.exec(sightingTables)
  return { db, table: openSightingTable({ db, most, onWrite: () => undefined }) }
}

const everything: SightingQuery = { people: null, camera: null, fromMs: null, untilMs: null, before: null, limit: 100 }
const numbers = (sightings: readonly SavedSighting[]): number[] => sightings.map(({ number }) => number)

test('finds by person, camera and time; the one that became known last comes first, whenever it was', () => {
  const { table } = tableOf(100)
  const late = { fromMs: noonMs - 60_000, untilMs: noonMs - 1, tracks: [] }
  const hall = { camera: 'hall', person: 'p-1' }
  table.apply(changeOf({ sightings: [sightingAt(1), sightingAt(2, hall), sightingAt(5, late), sightingAt(4)] }))
  const find = (query: Partial<SightingQuery>) => numbers(table.find({ ...everything, ...query }))
  expect(find({})).toEqual([5, 4, 2, 1])
  expect(find({ people: ['p-1', 'p-9'] })).toEqual([2])
  expect(find({ camera: 'door' })).toEqual([5, 4, 1])
  expect(find({ fromMs: noonMs, untilMs: noonMs + 2 * 60_000 })).toEqual([1])
  expect(find({ fromMs: noonMs + 2 * 60_000 }), 'until does not count').toEqual([4, 2])
  expect(find({ limit: 2 })).toEqual([5, 4])
  expect(find({ limit: 2, before: 4 })).toEqual([2, 1])
  expect(table.find({ ...everything, limit: 1, before: 2 })).toEqual([sightingAt(1)])
})

test('the oldest go when there are too many or they are too old, a bounded number at once; open ones and recordings stay', () => {
  const { table, db } = tableOf(500)
  const many = Array.from({ length: 1000 }, (_, i) => sightingAt(i + 1, { ended: i !== 0 }))
  const rows = () => Number(db.prepare('SELECT count(*) AS count FROM sightings').get()?.count)
  const tracks = () => Number(db.prepare('SELECT count(*) AS count FROM sighting_tracks').get()?.count)
  table.apply(changeOf({ sightings: many }))
  expect(rows()).toBe(950)
  for (let i = 0; i < 20; i++) table.apply(changeOf())
  expect([rows(), tracks()]).toEqual([500, 500])
  expect(numbers(table.open())).toEqual([1])
  // A recording's times are no dates: it ages from when it became known. Until a time is believed nothing ages.
  const recorded = sightingAt(1001, { fromMs: 3440, untilMs: 6620 })
  const days = (count: number) => noonMs + count * 86_400_000
  table.apply(changeOf({ sightings: [recorded] }))
  table.apply(changeOf({ clockMs: days(0), sightingsFromMs: days(-31) }))
  table.apply(changeOf({ clockMs: days(20), sightings: [sightingAt(1002)] }))
  const left = (atMs: number) => {
    for (let i = 0; i < 20; i++) table.apply(changeOf({ clockMs: atMs, sightingsFromMs: atMs - 31 * 86_400_000 }))
    return numbers(table.find({ ...everything, limit: 1000 }))
  }
  expect(left(days(31))).toHaveLength(500)
  expect(left(days(32))).toEqual([1002, 1])
  expect(left(days(52))).toEqual([1])
})

test('sightings and their unpublished events are on disk after a commit, and gone from it with their person', () => {
  const directory = temporaryDirectory()
  const store = open(directory)
  const person = personAt(0)
  const event = {
    type: 'rollcall.sighting.ended.v1',
    id: 'x',
    subject: 'p-0',
    data: { sequence: 2, person: 'p-0', tracks: ['door/s/2'] },
  }
  store.commit(
    changeOf({
      sequence: 2,
      created: 1,
      people: [person],
      sightings: [sightingAt(2), sightingAt(3, { ended: false })],
      events: [event as never],
    }),
  )
  store.close()
  const again = open(directory)
  expect(again.saved().sightings).toEqual([sightingAt(3, { ended: false })])
  expect(again.sightings.ofTracks(['door/s/2'])).toEqual([sightingAt(2)])
  expect(again.unpublished().map(({ id }) => id)).toEqual(['x'])
  expect(again.history('p-0'), 'it is about the person, not about where it was').toEqual([])
  again.published(2)
  again.commit(changeOf({ sequence: 2, created: 1, gone: ['p-0'], retired: ['p-0'] }))
  expect(again.unpublished()).toEqual([])
  again.close()
  for (const file of readdirSync(directory)) expect(readFileSync(join(directory, file)).includes('door/s/')).toBe(false)
})
