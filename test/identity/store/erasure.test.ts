import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { createEvents } from '../../../src/identity/events/events.ts'
import type { LoggedEvent, SavedPerson } from '../../../src/identity/state/state.ts'
import { fileOf } from '../../../src/identity/store/open.ts'
import { wipeUnallocated } from '../../../src/identity/store/unallocated.ts'
import { randomFrom } from '../support/faces.ts'
import { changeOf, open, personAt, temporaryDirectory } from './states.ts'

type Secret = string | Float32Array

/** Four bytes at a place as one of four million numbers. */
const hashAt = (bytes: Buffer, at: number): number => Math.imul(bytes.readInt32LE(at), 0x9e3779b1) >>> 10

/** Which of the texts and vectors any file of the directory has twenty-four bytes in a row of. */
const found = (directory: string, secrets: readonly Secret[]): Secret[] => {
  const grams = new Map<string, Secret>()
  /** Whether any of them may begin so: most places are settled by it. */
  const begins = new Uint8Array(1 << 22)
  for (const secret of secrets) {
    const bytes = typeof secret === 'string' ? Buffer.from(secret) : Buffer.from(secret.buffer)
    const text = bytes.toString('latin1')
    for (let at = 0; at + 16 <= text.length; at += 8) {
      grams.set(text.slice(at, at + 16), secret)
      begins[hashAt(bytes, at)] = 1
    }
  }
  const hits = new Set<Secret>()
  for (const file of readdirSync(directory)) {
    const bytes = readFileSync(join(directory, file))
    for (let at = 0; at + 16 <= bytes.length; at++) {
      if (begins[hashAt(bytes, at)] === 0) continue
      const hit = grams.get(bytes.toString('latin1', at, at + 16))
      if (hit !== undefined) hits.add(hit)
    }
  }
  return [...hits]
}

const people = 60

/**
 * A year in a state: rows of many sizes that come, change, move and go, so that SQLite divides and joins pages. Returns
 * all that was ever said of each person.
 */
const lived = () => {
  const directory = temporaryDirectory()
  const store = open(directory)
  const random = randomFrom(9)
  const draw = (below: number): number => Math.floor(random() * below)
  const text = (least: number, most: number): string =>
    Array.from({ length: least + draw(most - least) }, () => String.fromCharCode(97 + draw(26))).join('')
  const secrets = Array.from({ length: people }, (): Secret[] => [])
  const known = Array.from({ length: people }, (_, i) => personAt(i, { id: `p-${i}` }, 1 + draw(6)))
  let sequence = 0
  for (let round = 0; round < 120; round++) {
    const events: LoggedEvent[] = []
    const orders = [...new Set(Array.from({ length: 8 }, () => draw(people)))]
    for (const order of orders) {
      const before = known[order] as SavedPerson
      const { exemplars } = personAt((round + 1) * people + order, {}, draw(3))
      const person = { ...before, name: text(24, 900), exemplars: [...before.exemplars, ...exemplars].slice(-4) }
      known[order] = person
      secrets[order]?.push(person.name, ...exemplars.map(({ sum }) => sum))
      events.push(createEvents('site', sequence++).named(person, null, 1000))
    }
    if (round % 30 === 29) store.published(sequence - 100)
    store.commit(changeOf({ people: orders.map((i) => known[i] as SavedPerson), created: people, sequence, events }))
  }
  /** Deletes every fifth person, one after another. */
  const remove = () => {
    const gone = known.filter((_, i) => i % 5 === 0)
    for (const { id } of gone) {
      const events = [createEvents('site', sequence++).deleted(id, 'user', 9000)]
      store.commit(changeOf({ created: people, sequence, gone: [id], retired: [id], events }))
    }
    return secrets.filter((_, i) => i % 5 === 0).flat()
  }
  /** Changes everybody who is left. */
  const goOn = (): void => {
    for (const [i, person] of known.entries())
      if (i % 5 !== 0)
        store.commit(
          changeOf({ people: [{ ...person, name: text(16, 400), exemplars: [] }], created: people, sequence }),
        )
  }
  return { directory, store, secrets, remove, goOn }
}

test('of deleted people no name and no embedding that they ever had is left, whatever SQLite has moved where', () => {
  const { directory, store, secrets, remove, goOn } = lived()
  expect(found(directory, secrets.flat()).length, 'the search finds what is there').toBeGreaterThan(300)
  const gone = remove()
  expect(found(directory, gone)).toEqual([])
  goOn()
  expect(found(directory, gone), 'nor does anything come back from memory').toEqual([])
  store.close()
  expect(found(directory, gone)).toEqual([])
}, 120_000)

test('what was said of others does not mention somebody who was deleted since, and says the rest as before', () => {
  const directory = temporaryDirectory()
  const store = open(directory)
  const told = createEvents('site', 0)
  const [ada, bo, cy] = [personAt(0), personAt(1), personAt(2)]
  const match = ({ id }: SavedPerson) => ({ person: id, similarity: 0.25, score: 0.5 })
  const decision = {
    person: bo.id,
    candidate: match(bo),
    runnerUp: match(cy),
    threshold: 0.6,
    reason: 'joined',
  } as const
  const first = { camera: 'door', track: 'door/s/1', atMs: 1000, candidate: match(cy), threshold: 0.6 }
  const events = [
    told.created(ada, first, 1000),
    told.assigned('door/s/2', 'door', decision, null, 1000),
  ] as LoggedEvent[]
  store.commit(changeOf({ people: [ada, bo, cy], created: 3, sequence: told.sequence(), events }))
  const gone = told.deleted(cy.id, 'user', 2000) as LoggedEvent
  store.commit(changeOf({ created: 3, sequence: told.sequence(), gone: [cy.id], retired: [cy.id], events: [gone] }))
  const [created, assigned] = events.map((event) => structuredClone(event)) as unknown as { data: object }[]
  Object.assign(created?.data ?? {}, { candidate: null })
  Object.assign(assigned?.data ?? {}, { runnerUp: null })
  expect(store.unpublished()).toEqual([created, assigned, gone])
})

test('wiping takes what SQLite has left in unallocated parts of pages, and nothing that is in the database', () => {
  const directory = temporaryDirectory()
  const file = fileOf(directory)
  const db = new DatabaseSync(file)
  onTestFinished(() => void (db.isOpen && db.close()))
  const random = randomFrom(4)
  const below = (most: number): number => Math.floor(random() * most)
  const text = (most: number): string =>
    Array.from({ length: 24 + below(most) }, () => String.fromCharCode(97 + below(26))).join('')
  db.exec('PRAGMA secure_delete = ON; CREATE TABLE a (k INTEGER PRIMARY KEY, id TEXT UNIQUE, t TEXT, b BLOB)')
  db.exec('CREATE TABLE w (t TEXT PRIMARY KEY, k INTEGER) WITHOUT ROWID; BEGIN')
  const put = db.prepare(
    'INSERT INTO a VALUES (?, ?, ?, ?) ON CONFLICT (k) DO UPDATE SET t = excluded.t, b = excluded.b',
  )
  const note = db.prepare('INSERT INTO w VALUES (?, ?)')
  const secrets: string[] = []
  const secret = (key: number, most: number): string => {
    const drawn = text(most)
    if (key % 5 === 0) secrets.push(drawn)
    return drawn
  }
  for (let i = 0; i < 6000; i++) {
    const key = below(400)
    put.run(key, `${key}`, secret(key, 200), Buffer.from(secret(key, i % 5 === 0 ? 6000 : 700)))
    if (i % 3 === 0) note.run(secret(key, 30), key)
  }
  db.exec('DELETE FROM a WHERE k % 5 = 0; DELETE FROM w WHERE k % 5 = 0; COMMIT')
  const contents = () => [db.prepare('SELECT * FROM a').all(), db.prepare('SELECT * FROM w').all()]
  const before = contents()
  expect(found(directory, secrets).length, 'SQLite leaves something').toBeGreaterThan(0)
  db.exec('PRAGMA shrink_memory')
  const fd = openSync(file, 'r+')
  wipeUnallocated(fd)
  expect(found(directory, secrets)).toEqual([])
  expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
  expect(contents()).toEqual(before)
  db.close()
  closeSync(fd)
}, 180_000)
