import {
  appendFileSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { cluster as command } from '../../src/commands/cluster.ts'
import { expectKept, type Scores } from '../evaluate/kept-scores.ts'
import { canCutPhotos, castPhotos } from '../support/cast-photos.ts'
import { scratchDirectory } from '../support/footage.ts'
import { calling } from './called.ts'

const cluster = calling(command)

/** The names of photos, by the folder of each person. */
const written = (out: string): string[][] =>
  readdirSync(join(out, 'people')).map((person) => readdirSync(join(out, 'people', person)))

describe.skipIf(!canCutPhotos)('cluster, on photos of people who do not exist', () => {
  let cast = ''
  beforeAll(async () => {
    cast = await castPhotos()
  }, 150_000)

  /** Three people's photos in one folder, by name and number. */
  const shuffled = (): string => {
    const folder = scratchDirectory()
    for (const person of ['ada', 'chen', 'gus'])
      for (const [i, file] of readdirSync(join(cast, person)).entries())
        cpSync(join(cast, person, file), join(folder, `${i}-${person}.jpg`))
    return folder
  }

  it('divides the whole cast into its ten people, and says how well every other method does', async () => {
    const { code, stdout } = await cluster(cast, '--truth', '--json', '--method', 'all')
    expect(code).toBe(0)
    const { people, scores, threshold, method, byMethod } = JSON.parse(stdout)
    expect(method).toBe('agglomerative')
    expectKept(
      'cast, BCubed F by method',
      Object.fromEntries(
        byMethod.map((each: { method: string; scores: Scores }) => [each.method, each.scores.bcubedF]),
      ),
    )
    expect(byMethod.map(({ told }: { told: number | null }) => told)).toEqual([null, null, 10, null, null])
    expect(scores).toMatchObject({ bcubedF: 1, people: 10, ids: 10 })
    expect(people).toHaveLength(10)
    expect(threshold).toBe(0.34486)
    expect(stdout).not.toContain('embedding"')
  })

  it('writes folders of links, CSV and a contact sheet, and goes on where it was cut off', async () => {
    const [photos, out] = [shuffled(), join(scratchDirectory(), 'out')]
    writeFileSync(join(photos, 'notes, "old".jpg'), 'no photo')
    const { code, stdout } = await cluster(photos, '--out', out)
    expect(code).toBe(0)
    expect(stdout).toMatch(/notes, "old"\.jpg: is no picture of a known kind/)
    expect(stdout).toMatch(/3 people in two photos or more, 0 faces seen once; .* 1 that cannot be read/)
    expect(written(out)).toEqual([
      ['0-chen.jpg', '1-chen.jpg', '2-chen.jpg', '3-chen.jpg'],
      ['0-gus.jpg', '1-gus.jpg', '2-gus.jpg', '3-gus.jpg'],
      ['0-ada.jpg', '1-ada.jpg', '2-ada.jpg'],
    ])
    expect(realpathSync(join(out, 'people/003/0-ada.jpg'))).toBe(realpathSync(join(photos, '0-ada.jpg')))
    const rows = readFileSync(join(out, 'faces.csv'), 'utf8').trim().split('\n')
    expect(rows[0]).toBe('person,photo,turn,left,top,width,height,quality')
    expect(rows.filter((row) => row.startsWith('001,'))).toHaveLength(4)
    const crops = [...readFileSync(join(out, 'index.html'), 'utf8').matchAll(/src="(faces\/[^"]+)"/g)]
    expect(crops.length).toBeGreaterThanOrEqual(11)
    expect(
      readFileSync(join(out, crops[0]?.[1] ?? ''))
        .subarray(0, 2)
        .toString('hex'),
    ).toBe('ffd8')
    // Embeddings and crops are biometric data.
    expect(statSync(join(out, 'embeddings.jsonl')).mode & 0o077).toBe(0)

    // As if it had been killed in the middle of a line; a photo was moved meanwhile.
    const lines = readFileSync(join(out, 'embeddings.jsonl'), 'utf8').split('\n')
    writeFileSync(join(out, 'embeddings.jsonl'), lines.slice(0, -3).join('\n'))
    appendFileSync(join(out, 'embeddings.jsonl'), `\n${lines.at(-3)?.slice(0, 100)}`)
    cpSync(join(photos, '0-ada.jpg'), join(photos, '9-ada.jpg'))
    const again = await cluster(photos, '--out', out, '--copy')
    expect(again.stderr).toBe('9 photos are known from an earlier call')
    // Four photos now, and ada's is the first of them.
    expect(written(out)[0]).toEqual(['0-ada.jpg', '1-ada.jpg', '2-ada.jpg', '9-ada.jpg'])
    expect(lstatSync(join(out, 'people/001/9-ada.jpg')).isFile()).toBe(true)
    expect((await cluster(photos, '--out', out)).stderr).toBe('11 photos are known from an earlier call')
  })

  it('finds both people of one photo, and keeps them apart', async () => {
    const folder = scratchDirectory()
    const [ada, gus] = ['ada/gate-4.jpg', 'gus/cafe-7.jpg'].map((file) => join(cast, file))
    const [left, right] = await Promise.all([ada, gus].map((file) => sharp(file).resize(240, 240).toBuffer()))
    await sharp({ create: { width: 480, height: 240, channels: 3, background: '#777' } })
      .composite([
        { input: left ?? Buffer.alloc(0), left: 0, top: 0 },
        { input: right ?? Buffer.alloc(0), left: 240, top: 0 },
      ])
      .jpeg({ quality: 95 })
      .toFile(join(folder, 'both.jpg'))
    const { stdout } = await cluster(folder, join(cast, 'ada'), join(cast, 'gus'), '--json', '--people', '1')
    const { people } = JSON.parse(stdout) as { people: { file: string }[][] }
    expect(people.map((faces) => new Set(faces.map(({ file }) => basename(file))).size)).toEqual([5, 4])
    for (const faces of people) expect(faces.filter(({ file }) => file.endsWith('both.jpg'))).toHaveLength(1)
  })

  it('takes the method that is asked for, and says what it goes by', async () => {
    const photos = shuffled()
    const { stdout } = await cluster(photos, '--method', 'kmeans', '--people', '2')
    expect(stdout).toMatch(/^2 people in two photos or more, 0 faces seen once/m)
    expect(stdout).toMatch(/kmeans: cut into 2 people/)
  })

  it('touches no folder that is not its own, and says what is wrong with an option', async () => {
    const foreign = scratchDirectory()
    mkdirSync(join(foreign, 'people'))
    const said = async (...args: string[]) => (await cluster(...args)).stderr
    expect(await said(cast, '--out', foreign)).toMatch(/--out: .* has other files in it/)
    expect(await said()).toMatch(/no photo is named/)
    expect(await said(join(cast, 'nobody'))).toMatch(/nobody does not exist/)
    expect(await said(cast, '--far', '2')).toMatch(/--far 2: expected a share/)
    expect(await said(cast, '--threshold', 'x')).toMatch(/--threshold x: expected a cosine/)
    expect(await said(cast, '--people', '0')).toMatch(/--people 0: expected 1 or more/)
    expect(await said(cast, '--method', 'kmean')).toMatch(/no method "kmean"; did you mean kmeans/)
    expect(await said(cast, '--method', 'kmeans')).toMatch(/--method kmeans: it has to be told how many/)
    expect(await said(cast, '--method', 'dbscan', '--people', '3')).toMatch(/--people: dbscan finds out by itself/)
    expect(await said(cast, '--method', 'online', '--threshold', '.4')).toMatch(/--threshold: online goes without/)
    expect(await said(cast, '--method', 'all')).toMatch(/--truth is missing/)
  })
})
