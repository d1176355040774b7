import { expect, test } from 'vitest'
import type { Person } from '../../src/types.ts'
import { type Choice, choosePeople, countPeople } from '../../viewer/src/pages/people/choose.ts'

const person = (id: string, name: string | null, more: Partial<Person> = {}): Person => ({
  id,
  name,
  archived: false,
  createdAtMs: 1,
  lastSeenAtMs: 1000,
  lastCamera: 'door',
  tracks: 1,
  faces: 5,
  ...more,
})
const people = [
  person('p-aaaaaaaa1', 'Zoë', { lastSeenAtMs: 3000, tracks: 9 }),
  person('p-bbbbbbbb2', null, { lastSeenAtMs: 500 }),
  person('p-cccccccc3', 'anna', { createdAtMs: 7 }),
  person('p-dddddddd4', 'Old', { lastSeenAtMs: 9000, archived: true }),
]
const choice: Choice = {
  which: 'all',
  query: '',
  order: 'seen',
  here: new Map([['p-bbbbbbbb2', 'door']]),
  todayMs: 800,
}
const ids = (more: Partial<Choice>) => choosePeople(people, { ...choice, ...more }).map(({ id }) => id.slice(-1))

test('here now, today and all; who is here comes first, archived people are only among all', () => {
  expect([ids({}), ids({ which: 'here' }), ids({ which: 'today' })]).toEqual([
    ['2', '4', '1', '3'],
    ['2'],
    ['2', '1', '3'],
  ])
  expect(countPeople(people, choice)).toEqual({ here: 1, today: 3, all: 4 })
  expect(countPeople(people, { ...choice, query: 'ann' })).toEqual({ here: 0, today: 1, all: 1 })
})

test('the search takes names without accents and case, and parts of IDs', () => {
  expect([ids({ query: ' ZOE ' }), ids({ query: 'zoë' }), ids({ query: 'CCCC' }), ids({ query: 'x' })]).toEqual([
    ['1'],
    ['1'],
    ['3'],
    [],
  ])
})

test('people are sorted by name, age or visits; the unnamed come after the named', () => {
  expect([ids({ order: 'name' }), ids({ order: 'new' }), ids({ order: 'most' })]).toEqual([
    ['3', '4', '1', '2'],
    ['3', '4', '1', '2'],
    ['1', '3', '4', '2'],
  ])
})
