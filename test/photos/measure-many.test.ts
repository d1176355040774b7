import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { measureMany } from '../../src/photos/measure-many.ts'
import { photosIn } from '../../src/photos/photos-in.ts'
import type { MeasuredPhoto } from '../../src/photos/review-photos.ts'
import { modelOptions } from '../../src/vision/options.ts'
import { scratchDirectory } from '../support/footage.ts'
import { pngThatSays, quarters } from './made.ts'

describe('photosIn', () => {
  it('lists a folder with its folders in the order people count, pictures only, and a file as it is', async () => {
    const folder = scratchDirectory()
    mkdirSync(join(folder, 's2'))
    mkdirSync(join(folder, '.hidden'))
    symlinkSync(folder, join(folder, 'circle'))
    for (const name of ['10.jpg', '9.PNG', 'notes.txt', 's2/a.heic', '.x.jpg', '.hidden/b.jpg'])
      writeFileSync(join(folder, name), '')
    expect((await photosIn(folder)).map((file) => file.slice(folder.length + 1))).toEqual([
      '9.PNG',
      '10.jpg',
      's2/a.heic',
    ])
    expect(await photosIn(join(folder, 'notes.txt'))).toEqual([join(folder, 'notes.txt')])
  })

  it('names what is not there, and a folder without a photo', async () => {
    const folder = scratchDirectory()
    await expect(photosIn(join(folder, 'nowhere'))).rejects.toThrow(/nowhere does not exist/)
    await expect(photosIn(folder)).rejects.toThrow(/has no photo in it/)
  })
})

describe('measureMany', () => {
  const models = modelOptions.parse({})

  it('goes on after every kind of bad file, says what each is, and keeps the order', async () => {
    const folder = scratchDirectory()
    const jpeg = await quarters().jpeg().toBuffer()
    const kinds: Readonly<Record<string, readonly [Uint8Array, RegExp | null]>> = {
      'empty.jpg': [Buffer.alloc(0), /empty/],
      'text.png': [Buffer.from('no picture at all'), /known kind/],
      'cut.jpg': [jpeg.subarray(0, jpeg.length >> 1), /./],
      'nothing.png': [pngThatSays([0, 0], 0), /./],
      'huge.png': [pngThatSays([30_000, 30_000], 1), /pixels/],
      'good.png': [await quarters().png().toBuffer(), null],
      'moving.gif': [await quarters().gif().toBuffer(), null],
    }
    for (const [name, [bytes]] of Object.entries(kinds)) writeFileSync(join(folder, name), bytes)
    const names = [...Object.keys(kinds), 'gone.jpg']
    const keep = ({ file, unreadable }: MeasuredPhoto) => [basename(file), unreadable] as const
    const files = names.map((name) => join(folder, name))
    const results = await measureMany(files, { models, processes: 2, keep })
    expect(results.map(([name]) => name)).toEqual(names)
    for (const [name, why] of results) {
      const expected = name === 'gone.jpg' ? /does not exist/ : (kinds[name]?.[1] ?? null)
      if (expected === null) expect(why, name).toBeUndefined()
      else expect(why, name).toMatch(expected)
    }
  })

  it('says which model cannot be used', async () => {
    const options = { models: { ...models, directory: '/nowhere' }, processes: 2, keep: () => null }
    await expect(measureMany([import.meta.filename], options)).rejects.toThrow(/cannot read \/nowhere/)
  })

  it('measures nothing that is known', async () => {
    const options = { models: { ...models, directory: '/nowhere' }, processes: 1, keep: () => 'measured' }
    const told: number[] = []
    const recall = (file: string) => basename(file)
    expect(
      await measureMany([import.meta.filename], { ...options, recall, onProgress: (done) => told.push(done) }),
    ).toEqual([basename(import.meta.filename)])
    expect(told).toEqual([1])
  })
})
