import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { deserialize, serialize } from 'node:v8'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { createIdentity } from '../../../src/identity/identity.ts'
import { identityOptions } from '../../../src/identity/options.ts'
import { fileOf, openStore } from '../../../src/identity/store/open.ts'
import { schemaVersion } from '../../../src/identity/store/schema.ts'
import { embedder } from '../../site/story.ts'
import schema1 from './fixtures/schema-1.json' with { type: 'json' }
import schema2 from './fixtures/schema-2.json' with { type: 'json' }
import schema3 from './fixtures/schema-3.json' with { type: 'json' }
import schema4 from './fixtures/schema-4.json' with { type: 'json' }
import schema5 from './fixtures/schema-5.json' with { type: 'json' }
import { peopleOfTracks, story } from './fixtures/story.ts'
import { temporaryDirectory } from './states.ts'

const releases = {
  'schema-1': schema1,
  'schema-2': schema2,
  'schema-3': schema3,
  'schema-4': schema4,
  'schema-5': schema5,
} as const
type Release = keyof typeof releases

/** A directory with the state that a released schema left behind. */
const released = (release: Release = 'schema-1'): string => {
  const directory = join(temporaryDirectory(), 'state')
  mkdirSync(directory, { mode: 0o700 })
  const file = join(import.meta.dirname, `fixtures/${release}.db.gz`)
  writeFileSync(fileOf(directory), gunzipSync(readFileSync(file)), { mode: 0o600 })
  return directory
}

/** Changes the file as another program might. */
const edit = (directory: string, work: (db: DatabaseSync) => void): void => {
  const db = new DatabaseSync(fileOf(directory))
  work(db)
  db.close()
}

/** Everything in it but what is written by opening it. */
const contentOf = (directory: string): string => {
  const db = new DatabaseSync(fileOf(directory), { readOnly: true })
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all()
  const rows = tables.map(({ name }) => [name, db.prepare(`SELECT * FROM ${String(name)}`).all()])
  const version = db.prepare('PRAGMA user_version').get()
  db.close()
  return createHash('sha256')
    .update(serialize([version, rows]))
    .digest('hex')
}

/** The people, aliases and events of the fixture, and how tracks that were in view go on. */
const expectToGoOn = (directory: string, release: Release = 'schema-1'): void => {
  const expected = releases[release]
  const store = openStore(directory, { embedder })
  try {
    const saved = store.saved()
    expect([saved.aliases, saved.retired, saved.sequence]).toEqual([
      expected.aliases,
      expected.retired,
      expected.sequence,
    ])
    expect(saved.apart).toEqual(expected.apart.map(([a, b, frames]) => [a, b, frames ?? Infinity]))
    const engine = createIdentity(identityOptions.parse({}), { saved })
    const { visits, inView, after } = story()
    for (const person of expected.people) {
      const { spread: _spread, alike: _alike, ...known } = person
      expect(engine.person(person.id)).toMatchObject(known)
    }
    expect(engine.peopleCount()).toBe(expected.people.length)
    expect(peopleOfTracks(engine, [...visits, ...inView]), 'it has seen these').toEqual({})
    expect(peopleOfTracks(engine, after)).toEqual(expected.after.tracks)
    expect(engine.people().map(({ id, name, tracks }) => ({ id, name, tracks }))).toEqual(
      expected.after.people.map(({ id, name, tracks }) => ({ id, name, tracks })),
    )
    expect(store.history(expected.people[0]?.id ?? '').length).toBeGreaterThan(0)
  } finally {
    store.close()
  }
}

test.each(['schema-1', 'schema-2', 'schema-3', 'schema-4', 'schema-5'] as const)(
  'a state of %s is read: people, aliases, who is apart, and the tracks in view go on as the same people',
  (release) => {
    const directory = released(release)
    expectToGoOn(directory, release)
    // Migrated by now.
    expectToGoOn(directory, release)
  },
)

test('who opens a state of an older release hears once which schema it had, and of a new one nothing', () => {
  const heard: number[] = []
  const open = (directory: string): void =>
    openStore(directory, { embedder, onConverted: (from) => void heard.push(from) }).close()
  const directory = released('schema-3')
  for (const one of [directory, directory, temporaryDirectory()]) open(one)
  expect(heard).toEqual([3])
})

test('a migration that is cut off anywhere leaves the old state as it was, and the next start goes on', () => {
  for (let at = 1; ; at++) {
    const directory = released()
    const before = contentOf(directory)
    let writes = 0
    const onWrite = (): void => {
      if (++writes === at) throw new Error('the disk is full')
    }
    try {
      openStore(directory, { embedder, onWrite }).close()
      expect(at, 'there was something to cut off').toBeGreaterThan(2)
      return
    } catch (error) {
      expect(error).toMatchObject({ message: 'the disk is full' })
    }
    const db = new DatabaseSync(fileOf(directory), { readOnly: true })
    const isNew = Number(db.prepare('PRAGMA user_version').get()?.user_version) === schemaVersion
    db.close()
    if (!isNew) expect(contentOf(directory)).toBe(before)
    expectToGoOn(directory)
  }
}, 180_000)

const lives: Record<string, (live: Record<string, unknown>) => Uint8Array> = {
  'of a version that is not known': (live) => serialize({ ...live, version: 7 }),
  'without a version': () => serialize({ tracklets: [] }),
  'that is no object': () => serialize('x'),
  'that lacks a part': (live) => serialize({ ...live, appearances: undefined }),
  'with a track that is not there': (live) => serialize({ ...live, ended: [999] }),
  'that cannot be read': () => new Uint8Array([1, 2, 3]),
}

test.each(Object.entries(lives))('a live part %s is refused, naming the file; the state stays as it was', (_, make) => {
  const directory = released()
  edit(directory, (db) => {
    const live = deserialize(db.prepare('SELECT state FROM live').get()?.state as Uint8Array)
    db.prepare('UPDATE live SET state = ?').run(make(live))
  })
  const before = contentOf(directory)
  expect(() => openStore(directory, { embedder })).toThrow(
    expect.objectContaining({
      code: 'STATE',
      message: expect.stringContaining(fileOf(directory)),
      remedy: expect.stringContaining('backup'),
    }),
  )
  expect(contentOf(directory)).toBe(before)
})

const rows: Record<string, string> = {
  'a version that is not known': `UPDATE live_rows SET value = x'${serialize(7).toString('hex')}' WHERE kind = 'version'`,
  'no version': "DELETE FROM live_rows WHERE kind = 'version'",
  'a row that cannot be read': "UPDATE live_rows SET value = x'00' WHERE kind = 'camera'",
  'a tracklet of another shape': `UPDATE live_rows SET value = x'${serialize({ key: 1 }).toString('hex')}' WHERE kind = 'tracklet'`,
  'a template of another shape': `UPDATE live_rows SET value = x'${serialize([]).toString('hex')}' WHERE kind = 'template'`,
  'a tracklet that others were seen with gone':
    "DELETE FROM live_rows WHERE rowid IN (SELECT rowid FROM live_rows WHERE kind = 'tracklet' LIMIT 1)",
}

test.each(Object.entries(rows))('rows with %s are refused by code, with what to do', (_, sql) => {
  const directory = released()
  openStore(directory, { embedder }).close()
  edit(directory, (db) => db.exec(sql))
  const store = openStore(directory, { embedder })
  try {
    expect(() => createIdentity(identityOptions.parse({}), { saved: store.saved() })).toThrow(
      expect.objectContaining({ code: 'STATE', remedy: expect.any(String) }),
    )
  } finally {
    store.close()
  }
})

test('up to schema 3 a merge moved what keeps people apart: each ID has its own again, and nothing is lost', () => {
  const directory = released('schema-3')
  const { aliases } = schema3
  const [former, survivor] = aliases[0] as [string, string]
  const others = schema3.people.map(({ id }) => id).filter((id) => id !== survivor)
  const [own, both, later] = others as [string, string, string]
  const pair = (a: string, b: string): [string, string] => (a < b ? [a, b] : [b, a])
  edit(directory, (db) => {
    // Of the former ID alone; of both; of the survivor, after the merge.
    for (const other of [own, both, later])
      db.prepare('INSERT OR REPLACE INTO apart (a, b, frames) VALUES (?, ?, 9e999)').run(...pair(survivor, other))
    const said = JSON.stringify([[own, null, 0], [both, null, null]]) // biome-ignore format: one pair each
    db.prepare('UPDATE origins SET apart = ? WHERE id = ?').run(said, former)
  })
  const store = openStore(directory, { embedder })
  try {
    const engine = createIdentity(identityOptions.parse({}), { saved: store.saved() })
    expect(engine.person(survivor).apart.toSorted()).toEqual([own, both, later].toSorted())
    engine.unmerge(former, 1_772_443_900_000)
    expect(engine.person(former).apart.toSorted()).toEqual([own, both, survivor].toSorted())
    expect(engine.person(survivor).apart.toSorted()).toEqual([both, later, former].toSorted())
  } finally {
    store.close()
  }
})
