import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { fileOf, openStore } from '../../../src/identity/store/open.ts'
import { changeOf, embedder, open, personAt, temporaryDirectory } from './states.ts'

/** All that can be told of a directory from outside. */
const lookOf = (directory: string) =>
  ['.', ...readdirSync(directory).sort()].map((name) => {
    const path = join(directory, name)
    const { mode, mtimeMs, size } = lstatSync(path)
    const bytes = statSync(path, { throwIfNoEntry: false })?.isFile()
      ? createHash('sha256').update(readFileSync(path)).digest('hex')
      : null
    return { name, mode, mtimeMs, size, bytes }
  })

/** A database of another program, closed unless a test still needs it open. */
const foreignAt = (file: string, sql: string, stays = false): DatabaseSync => {
  const db = new DatabaseSync(file)
  db.exec(sql)
  if (stays) onTestFinished(() => db.close())
  else db.close()
  return db
}
const bookmarks = 'CREATE TABLE bookmarks (url TEXT); INSERT INTO bookmarks VALUES (1)'

const foreign: Record<string, (file: string, directory: string) => void> = {
  'another program’s database': (file) => void foreignAt(file, bookmarks),
  'one with an application’s own ID': (file) => void foreignAt(file, `PRAGMA application_id = 7; ${bookmarks}`),
  'one with an ID and no tables yet': (file) => void foreignAt(file, 'PRAGMA application_id = 7; VACUUM'),
  'one without an ID or tables, but with a version': (file) => void foreignAt(file, 'PRAGMA user_version = 3'),
  'one in WAL mode': (file) => void foreignAt(file, `PRAGMA journal_mode = WAL; ${bookmarks}`),
  'one whose tables are still in its write-ahead log': (file) => {
    const other = `${file}.other`
    foreignAt(other, `PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; ${bookmarks}`, true)
    copyFileSync(other, file)
    copyFileSync(`${other}-wal`, `${file}-wal`)
  },
  'one that its program has locked': (file) => void foreignAt(file, `${bookmarks}; BEGIN EXCLUSIVE`, true),
  'one with a journal beside it': (file) => {
    foreignAt(file, bookmarks)
    writeFileSync(`${file}-journal`, 'x'.repeat(600))
  },
  'one that may only be read': (file) => {
    foreignAt(file, bookmarks)
    chmodSync(file, 0o444)
  },
  'a symbolic link to one': (file, directory) => {
    foreignAt(join(directory, 'elsewhere.db'), bookmarks)
    symlinkSync(join(directory, 'elsewhere.db'), file)
  },
  'a directory': (file) => mkdirSync(file),
  'no database': (file) => writeFileSync(file, 'my notes\n'.repeat(100)),
  'a few bytes': (file) => writeFileSync(file, 'SQLite format 3\0'),
  'an empty file with a write-ahead log beside it': (file) => {
    writeFileSync(file, '')
    writeFileSync(`${file}-wal`, 'x'.repeat(600))
  },
  'a link to nothing': (file) => symlinkSync(`${file}.gone`, file),
}

test.each(Object.entries(foreign))('%s is refused before a byte of it changes', (_, make) => {
  const directory = join(temporaryDirectory(), 'shared')
  mkdirSync(directory)
  chmodSync(directory, 0o755)
  make(fileOf(directory), directory)
  const before = lookOf(directory)
  const refused = expect.objectContaining({ code: 'STATE', message: expect.stringContaining(directory) })
  expect(() => openStore(directory, { embedder })).toThrow(refused)
  expect(() => openStore(directory, { embedder: null })).toThrow(refused)
  expect(lookOf(directory)).toEqual(before)
})

const filled = (): string => {
  const directory = temporaryDirectory()
  const store = open(directory)
  store.commit(changeOf({ people: [personAt(0)], created: 1 }))
  store.close()
  return directory
}

test('the state of a newer version is refused before a byte of it changes, also when only its log says so', () => {
  const directory = filled()
  const db = new DatabaseSync(fileOf(directory))
  db.exec('PRAGMA locking_mode = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA user_version = 99')
  const before = lookOf(directory)
  expect(() => openStore(directory, { embedder })).toThrow('was written by a newer Rollcall (schema 99')
  expect(lookOf(directory)).toEqual(before)
  db.close()
  const closed = lookOf(directory)
  expect(() => openStore(directory, { embedder })).toThrow('was written by a newer Rollcall (schema 99')
  expect(lookOf(directory)).toEqual(closed)
})

test('an empty file becomes a state: there is nothing in it to lose', () => {
  const directory = temporaryDirectory()
  writeFileSync(fileOf(directory), '', { mode: 0o644 })
  open(directory).commit(changeOf({ people: [personAt(0)], created: 1 }))
  expect(statSync(fileOf(directory)).mode & 0o077).toBe(0)
})

test('a state that is only in the write-ahead log yet is a state', () => {
  const [from, to] = [temporaryDirectory(), temporaryDirectory()]
  const store = open(from)
  store.commit(changeOf({ people: [personAt(0)], created: 1 }))
  for (const file of ['people.db', 'people.db-wal']) copyFileSync(join(from, file), join(to, file))
  expect(readFileSync(fileOf(to)).readUInt32BE(68), 'the database itself does not say so').toBe(0)
  expect(open(to).saved().people).toEqual([personAt(0)])
})

test('a first start that was cut off before anything was written begins anew', () => {
  const directory = temporaryDirectory()
  foreignAt(fileOf(directory), 'PRAGMA journal_mode = WAL')
  expect(open(directory).saved().people).toEqual([])
})

test('a link to a state is followed', () => {
  const [directory, linked] = [filled(), temporaryDirectory()]
  symlinkSync(fileOf(directory), fileOf(linked))
  expect(open(linked).saved().people).toEqual([personAt(0)])
})

test('a directory with other things in it is not closed to others; the state in it is', () => {
  const directory = join(temporaryDirectory(), 'shared')
  mkdirSync(directory)
  chmodSync(directory, 0o755)
  writeFileSync(join(directory, 'notes.txt'), 'mine')
  open(directory)
  expect(statSync(directory).mode & 0o777).toBe(0o755)
  expect(statSync(fileOf(directory)).mode & 0o077).toBe(0)
  expect(existsSync(join(directory, 'notes.txt'))).toBe(true)
})

test('opened twice in one process the second is refused, and the first keeps its lock', () => {
  const directory = filled()
  const first = open(directory)
  expect(() => openStore(directory, { embedder })).toThrow(`in use by process ${process.pid}`)
  first.commit(changeOf({ people: [personAt(1)], created: 2 }))
  expect(first.saved().people).toHaveLength(2)
})

test('a state without its tables, or cut off behind its first page, is damaged', () => {
  const directory = filled()
  truncateSync(fileOf(directory), 4096)
  const before = lookOf(directory)
  expect(() => openStore(directory, { embedder })).toThrow('is damaged')
  expect(lookOf(directory).find(({ name }) => name === 'people.db')?.bytes).toBe(
    before.find(({ name }) => name === 'people.db')?.bytes,
  )
  const empty = temporaryDirectory()
  foreignAt(fileOf(empty), `PRAGMA application_id = ${0x526f6c6c}; PRAGMA user_version = 1`)
  expect(() => openStore(empty, { embedder })).toThrow('is damaged')
})
