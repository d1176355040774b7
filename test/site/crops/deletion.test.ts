import { closeSync, existsSync, openSync, readFileSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openStateClient } from '../../../src/commands/people/state-client.ts'
import { identityOptions } from '../../../src/identity/options.ts'
import { silent } from '../../../src/silent-log.ts'
import { openTableOf } from '../../../src/site/crops/open-table.ts'
import { keyIn, sealWith } from '../../../src/site/crops/seal.ts'
import { modelOptions } from '../../../src/vision/options.ts'
import { temporaryDirectory } from '../../identity/store/states.ts'
import { hasRemnant, openScene, startMs } from './scene.ts'

/** Reads memory. Returns 0 where there is none any more: other threads give theirs back while this one looks. */
const readMemory = (fd: number, into: Buffer, length: number, position: bigint): number => {
  try {
    return readSync(fd, into, { length, position })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EIO') return 0
    throw error
  }
}

/**
 * Whether the bytes, each xor 0x5a, are in this process's memory. They are looked for without being written plainly: what
 * is read is turned instead, and forgotten.
 */
const isInMemory = (hidden: Buffer): boolean => {
  const chunk = new Uint32Array(4 * 1024 ** 2)
  const bytes = Buffer.from(chunk.buffer)
  const fd = openSync('/proc/self/mem', 'r')
  try {
    for (const [, from = '', to = ''] of readFileSync('/proc/self/maps', 'latin1').matchAll(/^(\w+)-(\w+) rw/gm))
      for (let at = BigInt(`0x${from}`); at < BigInt(`0x${to}`); at += BigInt(bytes.length)) {
        const length = Math.min(bytes.length, Number(BigInt(`0x${to}`) - at))
        const read = readMemory(fd, bytes, length, at)
        for (let i = 0; i < read / 4; i++) chunk[i] = (chunk[i] as number) ^ 0x5a5a5a5a
        const isFound = bytes.subarray(0, read).includes(hidden)
        chunk.fill(0)
        if (isFound) return true
      }
    return false
  } finally {
    closeSync(fd)
  }
}

describe('a deletion', () => {
  test.each(['memory', 'disk'] as const)('takes every picture of the person, kept in %s', (crops) => {
    const { looks, show, picture, personOf, crops: kept, committed, onDisk, table } = openScene({ crops })
    show('door/s1/1', looks.ada)
    const [own, better] = [picture('door/s1/1', 0.7), picture('door/s1/1', 0.8, 5)]
    show('door/s1/2', looks.bo)
    picture('door/s1/2')
    const [ada, bo] = [personOf('door/s1/1'), personOf('door/s1/2')]
    const ids = kept.ofPerson(ada).map(({ id }) => id)
    committed.transact((people) => people.remove(ada, startMs))
    expect(() => kept.ofPerson(ada)).toThrow('there is no person')
    expect(ids.map((id) => [kept.jpeg(id), table.jpeg(id)])).toEqual([
      [null, null],
      [null, null],
    ])
    expect(kept.ofPerson(bo)).toHaveLength(1)
    for (const jpeg of [own, better]) expect(hasRemnant(onDisk(), jpeg)).toBe(false)
    expect(table.all().map(({ track }) => track)).toEqual(['door/s1/2'])
  })

  test('leaves no byte of a picture in memory', () => {
    const { looks, show, picture, personOf, committed } = openScene({ crops: 'memory' })
    show('door/s1/1', looks.ada)
    const jpeg = picture('door/s1/1')
    const hidden = Buffer.from(jpeg.subarray(3000, 3064).map((byte) => byte ^ 0x5a))
    jpeg.fill(0)
    expect(isInMemory(hidden), 'the search finds it').toBe(true)
    committed.transact((people) => people.remove(personOf('door/s1/1'), startMs))
    expect(isInMemory(hidden)).toBe(false)
  })

  test('leaves no encrypted byte of the person’s pictures either', () => {
    const { looks, show, picture, personOf, committed, onDisk, directory, table, crops } = openScene()
    for (let i = 0; i < 6; i++) {
      show(`door/s1/${i}`, i % 2 === 0 ? looks.ada : looks.bo, 12)
      picture(`door/s1/${i}`)
    }
    const ada = personOf('door/s1/0')
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
    const sealedOf = (ids: readonly string[]): Uint8Array[] => {
      // The table's own connection has the lock: what is on disk is read as bytes.
      const copy = join(directory, 'copy.db')
      writeFileSync(copy, readFileSync(join(directory, 'crops.db')))
      const db = new DatabaseSync(copy, { readOnly: true })
      const rows = db.prepare('SELECT id, sealed FROM crops').all() as { id: string; sealed: Uint8Array }[]
      db.close()
      rmSync(copy)
      return rows.filter(({ id }) => ids.includes(id)).map(({ sealed }) => sealed)
    }
    const sealed = sealedOf(crops.ofPerson(ada).map(({ id }) => id))
    expect(sealed).toHaveLength(3)
    for (const bytes of sealed) expect(hasRemnant(onDisk(), bytes)).toBe(true)
    committed.transact((people) => people.remove(ada, startMs))
    for (const bytes of sealed) expect(hasRemnant(onDisk(), bytes)).toBe(false)
    expect(table.count()).toBe(3)
  })

  test('takes pictures of tracks that are nobody’s yet, and those that were under way', () => {
    const { looks, show, picture, personOf, crops, committed, table } = openScene()
    show('door/s1/1', looks.ada, 20, false)
    show('door/s1/2', looks.ada, 1, false)
    picture('door/s1/2')
    const ada = personOf('door/s1/1')
    committed.transact((people) => people.remove(ada, startMs))
    expect(table.count()).toBe(0)
    picture('door/s1/1')
    expect(table.count(), 'made before the deletion, arrived after it').toBe(0)
    show('door/s1/1', looks.ada, 20, false)
    picture('door/s1/1')
    expect(crops.ofPerson(personOf('door/s1/1')), 'whoever is there now is somebody new').toHaveLength(1)
  })

  test('by retention and by the command line reaches them too', async () => {
    const first = openScene({ identity: { deleteAfterDays: 1 } })
    first.show('door/s1/1', first.looks.ada)
    first.picture('door/s1/1')
    const ada = first.personOf('door/s1/1')
    expect(first.crops.ofPerson(ada)).toHaveLength(1)
    first.show('door/s1/2', first.looks.bo, 20, false)
    for (const days of [0, 1, 2, 3]) first.committed.tick(startMs + days * 86_400_000)
    expect(first.table.all().map(({ track }) => track)).not.toContain('door/s1/1')
    first.close()

    const second = openScene()
    second.show('door/s1/1', second.looks.ada)
    second.picture('door/s1/1')
    second.committed.commit()
    second.close()
    const client = openStateClient(second.directory, {
      site: 'site',
      identity: identityOptions.parse({}),
      models: modelOptions.parse({}),
      embedder: null,
      scale: null,
      time: { nowMs: () => startMs },
    })
    const [person] = await client.list()
    await client.remove(person?.id ?? '')
    await client.close()
    const table = openTableOf('disk', second.directory, silent)
    expect(table?.count()).toBe(0)
    table?.close()
  })
})

describe('on disk', () => {
  test('pictures are encrypted, their key is this user’s, and they are there after a restart', () => {
    const before = openScene()
    before.show('door/s1/1', before.looks.ada)
    const jpeg = before.picture('door/s1/1')
    const ada = before.personOf('door/s1/1')
    expect(hasRemnant(before.onDisk(), jpeg)).toBe(false)
    for (const name of ['crops.key', 'crops.db'])
      expect(statSync(join(before.directory, name)).mode & 0o777).toBe(0o600)
    before.committed.commit()
    before.close()
    const after = openScene({ directory: before.directory })
    const [photo] = after.crops.ofPerson(ada)
    expect(after.crops.jpeg(photo?.id ?? '')).toEqual(jpeg)
  })

  test('a crash between a deletion and its pictures leaves none at the next start', () => {
    const before = openScene()
    before.show('door/s1/1', before.looks.ada)
    before.picture('door/s1/1')
    const ada = before.personOf('door/s1/1')
    // As `transact` does it, but nobody tells the pictures.
    before.engine.remove(ada, startMs)
    before.committed.commit()
    before.close()
    expect(openScene({ directory: before.directory }).table.count()).toBe(0)
  })

  test('nothing is left when identity.crops says so no more', () => {
    const before = openScene()
    before.show('door/s1/1', before.looks.ada)
    before.picture('door/s1/1')
    before.close()
    for (const crops of ['memory', 'off'] as const) {
      openTableOf('disk', before.directory, silent)?.close()
      openTableOf(crops, before.directory, silent)?.close()
      for (const name of ['crops.db', 'crops.key']) expect(existsSync(join(before.directory, name))).toBe(false)
    }
  })

  test('a lost key, another key and a damaged file mean to begin anew, and are said', () => {
    const scene = openScene()
    scene.show('door/s1/1', scene.looks.ada)
    scene.picture('door/s1/1')
    scene.committed.commit()
    scene.close()
    rmSync(join(scene.directory, 'crops.key'))
    const anew = openScene({ directory: scene.directory })
    expect([anew.table.count(), anew.warnings]).toEqual([0, [expect.stringContaining('key of the pictures')]])
    anew.close()
    writeFileSync(join(scene.directory, 'crops.db'), 'no database, but text that is long enough to be read as one')
    const again = openScene({ directory: scene.directory })
    expect([again.table.count(), again.warnings]).toEqual([0, [expect.stringContaining('cannot be read')]])
    again.show('door/s1/1', again.looks.ada)
    again.picture('door/s1/1')
    again.committed.commit()
    again.close()
    writeFileSync(join(scene.directory, 'crops.key'), Buffer.alloc(32, 7))
    const other = openScene({ directory: scene.directory })
    expect([other.table.count(), other.warnings]).toEqual([0, [expect.stringContaining('do not open with the key')]])
    other.picture('door/s1/2')
    other.close()
    const sealedAnew = openTableOf('disk', scene.directory, silent)
    expect(sealedAnew?.count(), 'sealed with the new key').toBe(1)
    sealedAnew?.close()
    writeFileSync(join(scene.directory, 'crops.key'), 'short')
    expect(() => openTableOf('disk', scene.directory, silent)).toThrow(
      /crops\.key: expected a key of 32 bytes, found 5/,
    )
  })

  test('without a state directory pictures are kept in memory, and that is said', () => {
    const warnings: string[] = []
    const table = openTableOf('disk', null, { ...silent, warn: (_, message) => void warnings.push(message) })
    expect([table?.most, warnings]).toEqual([4000, [expect.stringContaining('needs a state directory')]])
    table?.close()
  })
})

test('a sealed picture opens only whole, with its key and under its ID', () => {
  const directory = temporaryDirectory()
  const key = keyIn(join(directory, 'a.key'))
  expect(keyIn(join(directory, 'a.key'))).toEqual(key)
  const own = sealWith(key)
  const picture = Uint8Array.from({ length: 100 }, (_, i) => i)
  const sealed = own.seal('f-1', picture)
  expect(own.open('f-1', sealed)).toEqual(Buffer.from(picture))
  expect(sealed).not.toEqual(own.seal('f-1', picture))
  const changed = Uint8Array.from(sealed)
  changed[20] = (changed[20] ?? 0) ^ 1
  const other = sealWith(keyIn(join(directory, 'b.key')))
  expect([own.open('f-2', sealed), own.open('f-1', changed), own.open('f-1', sealed.subarray(0, 20))]).toEqual([
    null,
    null,
    null,
  ])
  expect(other.open('f-1', sealed)).toBeNull()
})
