import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { convertApart } from '../../../src/identity/store/convert-apart.ts'

type Frames = number | null
type Pair = readonly [a: string, b: string, frames: number]
interface State {
  readonly people: readonly string[]
  /** In the order of the merges: `apart` are others, each with the frames of `id` and of `into` at the merge; null: said. */
  readonly merges: readonly {
    readonly id: string
    readonly into: string
    readonly apart: readonly (readonly [string, Frames, Frames])[]
  }[]
  readonly apart: readonly Pair[]
}

/** What keeps people apart after the conversion of such a state of schema 3. */
const converted = ({ people, merges, apart }: State): Pair[] => {
  using db = new DatabaseSync(':memory:')
  db.exec(`
    CREATE TABLE people (place INTEGER PRIMARY KEY, id TEXT);
    CREATE TABLE aliases (former TEXT PRIMARY KEY, person TEXT);
    CREATE TABLE apart (a TEXT, b TEXT, frames REAL, PRIMARY KEY (a, b));
    CREATE TABLE origins (id TEXT PRIMARY KEY, person INTEGER, number INTEGER, merged_into TEXT, apart TEXT);
  `)
  const into = new Map(merges.map((one) => [one.id, one.into]))
  const resolve = (id: string): string => {
    const next = into.get(id)
    return next === undefined ? id : resolve(next)
  }
  for (const id of people) db.prepare('INSERT INTO people (id) VALUES (?)').run(id)
  for (const [number, one] of merges.entries()) {
    db.prepare('INSERT INTO aliases VALUES (?, ?)').run(one.id, one.into)
    const place = people.indexOf(resolve(one.id)) + 1
    db.prepare('INSERT INTO origins VALUES (?, ?, ?, ?, ?)').run(
      one.id,
      place,
      number,
      one.into,
      JSON.stringify(one.apart),
    )
  }
  for (const pair of apart) db.prepare('INSERT INTO apart VALUES (?, ?, ?)').run(...pair)
  convertApart(db)
  expect(db.prepare("SELECT name FROM pragma_table_info('origins') WHERE name = 'apart'").all()).toEqual([])
  return db
    .prepare('SELECT a, b, frames FROM apart ORDER BY a, b')
    .all()
    .map(({ a, b, frames }) => [String(a), String(b), Number(frames)])
}

const cases: Record<string, State & { readonly expected: readonly Pair[] }> = {
  'without merges': { people: ['a', 'b'], merges: [], apart: [['a', 'b', 2]], expected: [['a', 'b', 2]] },
  'with nobody': { people: [], merges: [], apart: [], expected: [] },
  'in which a chain of merges moved all to the last': {
    people: ['c', 'x', 'y'],
    merges: [
      { id: 'a', into: 'b', apart: [['x', null, 0]] },
      {
        id: 'b',
        into: 'c',
        apart: [
          ['x', null, 0],
          ['y', null, 0],
        ],
      },
    ],
    apart: [
      ['c', 'x', Infinity],
      ['c', 'y', Infinity],
    ],
    expected: [
      ['a', 'x', Infinity],
      ['b', 'y', Infinity],
    ],
  },
  'in which the same was said of both': {
    people: ['b', 'x'],
    merges: [{ id: 'a', into: 'b', apart: [['x', null, null]] }],
    apart: [['b', 'x', Infinity]],
    expected: [
      ['a', 'x', Infinity],
      ['b', 'x', Infinity],
    ],
  },
  'with counted frames, of which each ID has its own again': {
    people: ['b', 'x'],
    merges: [{ id: 'a', into: 'b', apart: [['x', 2, 1]] }],
    apart: [['b', 'x', 3]],
    expected: [
      ['a', 'x', 2],
      ['b', 'x', 1],
    ],
  },
  'in which the survivor was told apart after the merge': {
    people: ['b', 'x'],
    merges: [{ id: 'a', into: 'b', apart: [['x', 2, 0]] }],
    apart: [['b', 'x', Infinity]],
    expected: [
      ['a', 'x', 2],
      ['b', 'x', Infinity],
    ],
  },
  'in which both of a pair were merged, one after the other': {
    people: ['c', 'y'],
    merges: [
      { id: 'a', into: 'c', apart: [['x', null, 0]] },
      { id: 'x', into: 'y', apart: [['c', null, 0]] },
    ],
    apart: [['c', 'y', Infinity]],
    expected: [
      ['a', 'x', Infinity],
      ['c', 'x', Infinity],
    ],
  },
  'in which two who were seen together are one person by now': {
    people: ['c'],
    merges: [
      { id: 'a', into: 'c', apart: [['b', 3, 0]] },
      { id: 'b', into: 'c', apart: [] },
    ],
    apart: [],
    expected: [['a', 'b', 3]],
  },
  'that names somebody who is no more': {
    people: ['b'],
    merges: [{ id: 'a', into: 'b', apart: [['gone', null, 0]] }],
    apart: [],
    expected: [],
  },
}

test.each(Object.entries(cases))(
  'a state %s is converted: each ID has what was said of it',
  (_, { expected, ...state }) => {
    expect(converted(state)).toEqual(expected)
  },
)
