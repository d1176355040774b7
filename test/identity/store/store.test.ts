import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { createEvents } from '../../../src/identity/events/events.ts'
import type { LiveChange, LiveRow } from '../../../src/identity/state/live-rows.ts'
import type { LoggedEvent } from '../../../src/identity/state/state.ts'
import { fileOf, openStore } from '../../../src/identity/store/open.ts'
import { whoRuns } from '../../../src/identity/store/running.ts'
import { changeOf, embedder, open, personAt, temporaryDirectory } from './states.ts'

const created = (order: number, sequence: number): LoggedEvent =>
  createEvents('site', sequence - 1).created(
    { id: `p-${order}`, name: null },
    { camera: 'door', track: `door/s/${order}`, atMs: 1000, candidate: null, threshold: 0.55 },
    1000,
  )

/** A process that opens the state and keeps it until it is killed. */
const holder = async (directory: string) => {
  const opens = JSON.stringify(join(import.meta.dirname, '../../../src/identity/store/open.ts'))
  const program =
    `const { openStore } = await import(${opens});` +
    `const store = openStore(${JSON.stringify(directory)}, { embedder: ${JSON.stringify(embedder)} });` +
    // The timer keeps the store: what nothing refers to is collected, and its lock goes with it.
    "store.announce('http://127.0.0.1:1'); console.log('open'); setInterval(() => store.sizes(), 1e6)"
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve())
    child.once('exit', () => reject(new Error('it did not open the state')))
  })
  return child
}

test('a second process is refused, naming the first; a killed one leaves nothing that is in the way', async () => {
  const directory = temporaryDirectory()
  const first = await holder(directory)
  expect(whoRuns(directory)).toEqual({ pid: first.pid, url: 'http://127.0.0.1:1' })
  expect(() => openStore(directory, { embedder })).toThrow(
    expect.objectContaining({
      code: 'STATE',
      message: expect.stringContaining(`in use by process ${first.pid} (http://127.0.0.1:1)`),
      remedy: expect.stringContaining('--state'),
    }),
  )
  const gone = new Promise((resolve) => first.once('exit', resolve))
  first.kill('SIGKILL')
  await gone
  expect(whoRuns(directory), 'its file is there, it is not').toBeNull()
  const store = open(directory)
  expect(whoRuns(directory)?.pid).toBe(process.pid)
  store.close()
  expect(existsSync(join(directory, 'running.json'))).toBe(false)
})

test('nobody else may read it', () => {
  const directory = join(temporaryDirectory(), 'deep', 'state')
  open(directory).commit(changeOf({ people: [personAt(0)], created: 1 }))
  expect(statSync(directory).mode & 0o077).toBe(0)
  for (const file of readdirSync(directory)) expect(statSync(join(directory, file)).mode & 0o077, file).toBe(0)
})

test('another embedder is refused, saying which and what to do; the state stays as it was', () => {
  const directory = temporaryDirectory()
  const store = open(directory)
  store.commit(changeOf({ people: [personAt(0)], created: 1 }))
  store.close()
  const other = { name: 'large', sha256: 'a'.repeat(64), dimensions: 512 }
  expect(() => openStore(directory, { embedder: other })).toThrow(
    expect.objectContaining({
      code: 'STATE',
      message: expect.stringMatching(/embedder small \(5555.*128 numbers\), not with large \(aaaa.*512 numbers\)/),
      remedy: expect.stringContaining('--state DIR'),
    }),
  )
  const any = openStore(directory, { embedder: null })
  expect(any.embedder).toEqual(embedder)
  any.close()
  expect(open(directory).saved().people).toEqual([personAt(0)])
})

test('without a model, a state that is not there is an error and is not made', () => {
  const directory = join(temporaryDirectory(), 'nowhere')
  expect(() => openStore(directory, { embedder: null })).toThrow('there are no people in')
  expect(existsSync(directory)).toBe(false)
})

const filled = (): string => {
  const directory = temporaryDirectory()
  const store = open(directory)
  for (let i = 0; i < 200; i++) store.commit(changeOf({ people: [personAt(i)], created: i + 1 }))
  store.close()
  return directory
}

const damages: Record<string, (bytes: Buffer) => Buffer> = {
  'overwritten at the front': (bytes) => Buffer.from(bytes).fill(0x55, 0, 100),
  'overwritten in the middle': (bytes) => Buffer.from(bytes).fill(0x55, bytes.length / 2, bytes.length / 2 + 8192),
  'cut off': (bytes) => bytes.subarray(0, 4096 * 5),
  'something else': () => Buffer.from('not a database at all\n'.repeat(50)),
}

test.each(Object.entries(damages))('%s: an error that names the file; nothing is started anew', (_, damage) => {
  const directory = filled()
  const file = fileOf(directory)
  const broken = damage(readFileSync(file))
  writeFileSync(file, broken)
  expect(() => openStore(directory, { embedder })).toThrow(
    expect.objectContaining({
      code: 'STATE',
      message: expect.stringContaining(`${file} is damaged`),
      remedy: expect.stringContaining('backup'),
    }),
  )
  expect(readFileSync(file).equals(broken)).toBe(true)
})

test('a newer version’s state and another program’s database are refused', () => {
  const directory = filled()
  const db = new DatabaseSync(fileOf(directory))
  db.exec('PRAGMA user_version = 99')
  db.close()
  expect(() => openStore(directory, { embedder })).toThrow('was written by a newer Rollcall (schema 99')
  const strange = temporaryDirectory()
  const other = new DatabaseSync(fileOf(strange))
  other.exec('CREATE TABLE bookmarks (url TEXT)')
  other.close()
  expect(() => openStore(strange, { embedder })).toThrow('is no state of Rollcall')
})

test('an embedding of another length is refused, and nothing of that change is kept', () => {
  const store = open(temporaryDirectory())
  const odd = personAt(1, { exemplars: [{ sum: new Float32Array(64), weight: 1 }] })
  expect(() => store.commit(changeOf({ people: [personAt(0), odd], created: 2 }))).toThrow(
    'person p-1: an embedding has 64 numbers',
  )
  expect(store.saved()).toMatchObject({ people: [], created: 0 })
  store.commit(changeOf({ people: [personAt(0)], created: 1 }))
  expect(store.saved().people).toEqual([personAt(0)])
})

test('events wait to be published until every sink has them, over restarts', () => {
  const directory = temporaryDirectory()
  let store = open(directory)
  const events = [created(0, 1), created(1, 2), created(2, 3)]
  store.commit(changeOf({ sequence: 3, events }))
  store.published(2)
  expect(store.unpublished()).toEqual(events.slice(2))
  store.close()
  store = open(directory)
  expect(store.unpublished()).toEqual(events.slice(2))
  store.published(3)
  store.commit(changeOf({ sequence: 3 }))
  store.close()
  expect(open(directory).unpublished()).toEqual([])
})

test('a person’s history is what happened to it, with those it was merged with', () => {
  const store = open(temporaryDirectory())
  const told = createEvents('site', 2)
  const merged = told.merged({ id: 'p-1', name: null }, 'p-0', 'user', null, 5000)
  store.commit(changeOf({ sequence: 3, events: [created(0, 1), created(1, 2), merged] }))
  expect(store.history('p-0')).toEqual([created(0, 1), merged])
  expect(store.history('p-2')).toEqual([])
})

const grams = function* (bytes: Buffer) {
  const text = bytes.toString('latin1')
  for (let at = 0; at + 16 <= text.length; at++) yield text.slice(at, at + 16)
}

/** The files that have any sixteen bytes in a row of any of the vectors, as f32 or as f64. */
const traces = (directory: string, vectors: readonly Float32Array[]): string[] => {
  const wanted = new Set(
    vectors.flatMap((vector) => [
      ...grams(Buffer.from(vector.buffer)),
      ...grams(Buffer.from(Float64Array.from(vector).buffer)),
    ]),
  )
  return readdirSync(directory).filter((file) =>
    grams(readFileSync(join(directory, file))).some((gram) => wanted.has(gram)),
  )
}

/** Thirty people whose rows have moved about, two of them to be deleted; they are in the live state as well. */
const crowded = (onWrite?: () => void) => {
  const directory = temporaryDirectory()
  const store = openStore(directory, { embedder, ...(onWrite && { onWrite }) })
  const people = Array.from({ length: 30 }, (_, i) => personAt(i, {}, 5))
  const templates = (all: typeof people): LiveChange => ({
    put: all
      .flatMap(({ id, exemplars }) =>
        exemplars.map(({ sum, weight }, i): LiveRow => {
          const value = { sum: Float64Array.from(sum), weight, faces: 1, mean: null }
          return { kind: 'template', key: `${id}/${i}`, value }
        }),
      )
      .concat({ kind: 'version', key: '', value: 2 }),
    gone: people.flatMap(({ id, exemplars }) =>
      all.some((one) => one.id === id)
        ? []
        : exemplars.map((_, i) => ({ kind: 'template', key: `${id}/${i}` }) as const),
    ),
  })
  for (let round = 1; round <= 5; round++)
    for (const person of people)
      store.commit(
        changeOf({
          people: [{ ...person, exemplars: person.exemplars.slice(0, round) }],
          created: 30,
          sequence: 2,
          events: [created(3, 1), created(4, 2)],
          live: templates(people),
        }),
      )
  const deleted = [people[3], people[17]].filter((person) => person !== undefined)
  const ids = deleted.map(({ id }) => id)
  const left = people.filter((person) => !deleted.includes(person))
  const deletion = changeOf({
    sequence: 3,
    created: 30,
    gone: ids,
    retired: ids,
    events: [createEvents('site', 2).deleted('p-3', 'user', 9000)],
    live: templates(left),
  })
  const vectors = deleted.flatMap(({ exemplars }) => exemplars.map(({ sum }) => sum))
  return { directory, store, deletion, vectors, left }
}

test('a deleted person leaves no byte of an embedding in any file, nor anything in the log but the deletion', () => {
  const { directory, store, deletion, vectors, left } = crowded()
  expect(
    vectors.every((vector) => traces(directory, [vector]).length > 0),
    'the search finds what is there',
  ).toBe(true)
  store.commit(deletion)
  expect(traces(directory, vectors)).toEqual([])
  expect(store.history('p-3')).toEqual(deletion.events)
  expect(store.history('p-4')).toEqual([created(4, 2)])
  expect(store.saved()).toMatchObject({ people: left, retired: ['p-17', 'p-3'] })
  store.close()
  expect(traces(directory, vectors)).toEqual([])
}, 120_000)

test('a deletion that a crash interrupts after its commit is finished by the next start', () => {
  let writes = Infinity
  const { directory, store, deletion, vectors } = crowded(() => {
    if (--writes < 0) throw new Error('crash')
  })
  // At each statement of the transaction nothing has happened yet; then comes the first one after it.
  for (let at = 1; store.saved().retired.length === 0; at++) {
    writes = at
    expect(() => store.commit(deletion)).toThrow('crash')
    writes = Infinity
  }
  expect(traces(directory, vectors).length, 'not yet').toBeGreaterThan(0)
  store.close()
  open(directory)
  expect(traces(directory, vectors)).toEqual([])
}, 120_000)

test('a file system that refuses is named, with what to do, wherever it happens', () => {
  const directory = temporaryDirectory()
  open(directory).close()
  // In the way of the file that says who has it open.
  mkdirSync(join(directory, 'running.json.new'))
  expect(() => openStore(directory, { embedder })).toThrow(
    expect.objectContaining({ code: 'STATE', message: expect.stringContaining(fileOf(directory)) }),
  )
  rmdirSync(join(directory, 'running.json.new'))
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' })
  let left = Infinity
  const onWrite = (): void => {
    if (left-- === 0) throw full
  }
  const remove = (order: number, after: number) => {
    left = Infinity
    const store = openStore(directory, { embedder, onWrite })
    onTestFinished(() => store.close())
    store.commit(changeOf({ people: [personAt(order)], created: order + 1, sequence: order }))
    left = after
    try {
      store.commit(changeOf({ created: order + 1, sequence: order, gone: [`p-${order}`], retired: [`p-${order}`] }))
    } finally {
      left = Infinity
      store.close()
    }
  }
  let order = 0
  const refused = expect.objectContaining({ code: 'STATE', remedy: expect.stringContaining('Make room') })
  for (; order < 30; order++) {
    try {
      remove(order, order)
      break
    } catch (error) {
      expect(error).toEqual(refused)
    }
  }
  expect(order).toBeGreaterThan(8)
  expect(order).toBeLessThan(30)
})

test('SQLite prints no warning about being experimental', () => {
  const { stderr } = spawnSync(process.execPath, ['--eval', "require('node:sqlite')"], { encoding: 'utf8' })
  expect(stderr).toBe('')
})
