import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { verdictOf } from '../../src/commands/photos/verified.ts'
import { verifyCommand } from '../../src/commands/verify.ts'
import { canCutPhotos, castPhotos } from '../support/cast-photos.ts'
import { scratchDirectory } from '../support/footage.ts'
import { calling } from './called.ts'

const verify = calling(verifyCommand)

describe('verdictOf', () => {
  const pair = (same: boolean) => ({ same, cosine: 0, distance: 2, probability: null })
  const [yes, no] = [pair(true), pair(false)]

  it('is different when one pair is, and unknown when one could not be compared', () => {
    const of = (...pairs: (typeof yes | null)[]) => verdictOf({ pairs: [pairs], isSquare: false })
    expect([of(yes), of(yes, no), of(yes, null), of(null, no), of()]).toEqual([
      'same',
      'different',
      'unknown',
      'different',
      'unknown',
    ])
  })

  it('leaves the diagonal of a square out', () => {
    const of = (other: typeof yes) => [
      [null, other],
      [other, null],
    ]
    expect(verdictOf({ pairs: of(yes), isSquare: true })).toBe('same')
    expect(verdictOf({ pairs: of(no), isSquare: true })).toBe('different')
  })
})

describe.skipIf(!canCutPhotos)('verify, on photos of people who do not exist', () => {
  let cast = ''
  beforeAll(async () => {
    cast = await castPhotos()
  }, 150_000)

  it('says of two photos whether they show one person, with what the threshold stands for', async () => {
    const [ada, later, ben] = [
      join(cast, 'ada/gate-4.jpg'),
      join(cast, 'ada/street-2.jpg'),
      join(cast, 'ben/gate-6.jpg'),
    ]
    const folder = scratchDirectory()
    const html = join(folder, 'pair.html')
    const same = await verify(ada, later, '--html', html)
    expect(same).toMatchObject({ code: 0, stderr: '' })
    expect(same.stdout).toMatch(/gate-4\.jpg: face of \d+ pixels, quality 0\.\d\d\n/)
    expect(same.stdout).toMatch(/\nthe same person\ndistance 0\.\d{3} \(cosine 0\.\d{3}\), P\(same\) 1\.0000/)
    expect(same.stdout).toMatch(/1 in 1000 pairs of two people passed .* \(measured on 444 people, 3249 photos\)$/)
    // Two crops of 112 pixels, in the page itself.
    const crops = [
      ...readFileSync(html, 'utf8').matchAll(
        /<img alt="[^"]*(gate-4|street-2)\.jpg" src="data:image\/jpeg;base64,([^"]+)"/g,
      ),
    ]
    expect(
      crops.map(([, name, data = '']) => [name, Buffer.from(data, 'base64').subarray(0, 2).toString('hex')]),
    ).toEqual([
      ['gate-4', 'ffd8'],
      ['street-2', 'ffd8'],
    ])
    const { code, stdout } = await verify(ada, ben, '--json', '--far', '0.01')
    expect(code).toBe(1)
    const { verdict, comparison, threshold, photos } = JSON.parse(stdout)
    expect([verdict, comparison.same, threshold.measured.far]).toEqual(['different', false, 0.01])
    expect(comparison.distance).toBeCloseTo(2 - 2 * comparison.cosine, 3)
    expect(comparison.cosine).toBeLessThan(threshold.cosine)
    expect(photos).toMatchObject([{ file: ada, faces: 1, refusal: null }, { file: ben }])
    expect(stdout).not.toContain('embedding')
  })

  it('compares the photos of a folder with each other, and with those of another', async () => {
    expect(await verify(join(cast, 'ada'))).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/3 pairs: 3 of one/),
    })
    const { code, stdout } = await verify(join(cast, 'ada/gate-4.jpg'), join(cast, 'eli'), '--json')
    expect(code).toBe(1)
    const { rows, columns, comparisons } = JSON.parse(stdout)
    expect([rows.length, columns.length]).toEqual([1, 2])
    expect(comparisons[0].map(({ same }: { same: boolean }) => same)).toEqual([false, false])
  })

  it('says 2 and why when it cannot know, whatever the reason', async () => {
    const ada = join(cast, 'ada/gate-4.jpg')
    const notes = join(scratchDirectory(), 'notes.jpg')
    writeFileSync(notes, 'no photo')
    expect(await verify(ada, notes)).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/notes\.jpg: is no picture.*\nit cannot be said/),
    })
    expect(await verify(ada, join(cast, 'nowhere.jpg'))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/nowhere\.jpg does not exist/),
    })
    expect(await verify(ada, ada, '--models', '/nowhere')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/MODEL_MISSING/),
    })
    expect(await verify(ada)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/two photos, or one or two folders/),
    })
    expect(await verify(ada, ada, '--far', '7')).toMatchObject({ code: 2, stderr: expect.stringMatching(/--far 7/) })
  })
})
