import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { halfOf, listPhotos } from '../../src/evaluate/labelled-photos.ts'
import { readPairs } from '../../src/evaluate/read-pairs.ts'

let directory = ''
/** A grey ramp, 20×12. */
const pgm = Buffer.concat([Buffer.from('P5\n20 12\n255\n'), Buffer.from(Array.from({ length: 240 }, (_, i) => i))])

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'rollcall-photos-'))
  for (const [person, count] of [
    ['s10', 2],
    ['s2', 2],
  ] as const) {
    mkdirSync(join(directory, person))
    for (let i = 1; i <= count; i++) writeFileSync(join(directory, person, `${person}_000${i}.pgm`), pgm)
  }
  writeFileSync(join(directory, 's2', 'notes.txt'), 'no photo')
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('listPhotos', () => {
  it('gives people and photos in the order that people count, and photos only', async () => {
    expect((await listPhotos(directory)).map(({ person, file }) => `${person} ${file.slice(-8)}`)).toEqual([
      's2 0001.pgm',
      's2 0002.pgm',
      's10 0001.pgm',
      's10 0002.pgm',
    ])
  })

  it('names the folder that cannot be read, or has too few people', async () => {
    await expect(listPhotos(join(directory, 'nowhere'))).rejects.toThrow(/nowhere/)
    await expect(listPhotos(join(directory, 's2'))).rejects.toThrow(/fewer than two people/)
  })
})

describe('halfOf', () => {
  it('gives each person to one half', () => {
    const photos = ['a', 'a', 'b', 'c', 'b', 'd'].map((person) => ({ person }))
    const half = (which: 0 | 1) =>
      halfOf(photos, which)
        .map(({ person }) => person)
        .join('')
    expect([half(0), half(1)]).toEqual(['aac', 'bbd'])
  })
})

describe('readPairs', () => {
  const pairsOf = async (text: string) => {
    const file = join(directory, 'pairs.txt')
    writeFileSync(file, text)
    return readPairs(file, await listPhotos(directory))
  }

  it('reads LFW’s format', async () => {
    expect(await pairsOf('2 1\ns2 1 2\ns2\t1\ts10\t2\ns10 1 2\ns10 1 s2 1\n')).toEqual([
      { same: [[0, 1]], different: [[0, 3]] },
      { same: [[2, 3]], different: [[2, 0]] },
    ])
  })

  it('names the line that is wrong', async () => {
    await expect(pairsOf('1 1\ns2 1 2\ns2 1 s10 7\n')).rejects.toThrow(/pairs\.txt:3: there is no photo 7 of "s10"/)
    await expect(pairsOf('1 1\ns2 1 2\n')).rejects.toThrow(/pairs\.txt:3: expected 3 or 4 fields/)
    await expect(pairsOf('s2 1 2\n')).rejects.toThrow(/pairs\.txt:1: /)
  })
})
