import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { measureFiles } from '../../src/commands/photos/measure-files.ts'
import { recognise as command } from '../../src/commands/recognise.ts'
import { openStore } from '../../src/identity/store/open.ts'
import { chosenEmbedder } from '../../src/vision/chosen-embedder.ts'
import { modelOptions } from '../../src/vision/options.ts'
import { changeOf, personAt } from '../identity/store/states.ts'
import { canCutPhotos, castPhotos } from '../support/cast-photos.ts'
import { scratchDirectory } from '../support/footage.ts'
import { calling } from './called.ts'

const recognise = calling(command)

describe.skipIf(!canCutPhotos)('recognise, on photos of people who do not exist', () => {
  let cast = ''
  beforeAll(async () => {
    cast = await castPhotos()
  }, 150_000)

  it('says who is known and who is nobody', async () => {
    const gallery = scratchDirectory()
    mkdirSync(join(gallery, 'ada'))
    mkdirSync(join(gallery, 'nobody yet'))
    cpSync(join(cast, 'ada/gate-4.jpg'), join(gallery, 'ada/1.jpg'))
    cpSync(join(cast, 'gus/cafe-7.jpg'), join(gallery, 'Gus G.jpg'))
    writeFileSync(join(gallery, 'ada/broken.jpg'), 'no photo')
    const photos = ['ada/street-2.jpg', 'gus/street-4.jpg', 'joy/street-7.jpg'].map((file) => join(cast, file))
    const { code, stdout } = await recognise(...photos, '--gallery', gallery)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^gallery: .*ada\/broken\.jpg: is no picture of a known kind/)
    expect(stdout).toMatch(/ada\/street-2\.jpg +\d+ px +ada +0\.\d{3} +1 +ada 0\.\d{3}, Gus G /)
    expect(stdout).toMatch(/gus\/street-4\.jpg +\d+ px +Gus G +0\.\d{3}/)
    expect(stdout).toMatch(/joy\/street-7\.jpg +\d+ px +nobody +– +0 /)
    expect(stdout).toMatch(
      /gallery: 2 people, 2 photos; a stranger is taken for one of them in at most 0\.20 % of cases/,
    )
    expect((await recognise(photos[2] ?? '', '--gallery', gallery)).code).toBe(1)
  })

  it('recognises everybody of the cast by their other photos, and nobody by their own', async () => {
    // Of ten rendered people some are as alike as one in a thousand pairs of real ones.
    const { code, stdout } = await recognise(
      cast,
      '--gallery',
      cast,
      '--truth',
      '--json',
      '--top',
      '1',
      '--far',
      '0.0001',
    )
    expect(code).toBe(0)
    const { scores, faces, gallery } = JSON.parse(stdout)
    expect(scores).toMatchObject({
      known: 20,
      strangers: 3,
      rank1: 1,
      right: 20,
      wrong: 0,
      missed: 0,
      strangersTaken: 0,
    })
    expect(gallery.people).toBe(10)
    for (const { candidates } of faces) expect(candidates).toHaveLength(1)
    expect(stdout).not.toContain('embedding"')
  })

  it('compares with the people of a site, by name or ID', async () => {
    const state = join(scratchDirectory(), 'state')
    const embedder = await chosenEmbedder(modelOptions.parse({}))
    const [ada, gus] = [join(cast, 'ada/gate-4.jpg'), join(cast, 'gus/cafe-7.jpg')]
    const looks = await measureFiles([ada, gus], {}, { keep: ({ faces }) => faces[0]?.embedding ?? new Float32Array() })
    const people = looks.map((sum, i) =>
      personAt(i, { name: i === 0 ? 'Ada' : null, exemplars: [{ sum: sum.map((value) => 2 * value), weight: 2 }] }),
    )
    const store = openStore(state, { embedder })
    store.commit(changeOf({ people, created: 2 }))
    store.close()
    const photos = ['ada/street-2.jpg', 'gus/street-4.jpg', 'joy/street-7.jpg'].map((file) => join(cast, file))
    const { code, stdout, stderr } = await recognise(...photos, '--site', state, '--json')
    expect(code, stderr).toBe(0)
    const { faces, gallery } = JSON.parse(stdout)
    expect(faces.map(({ person }: { person: string | null }) => person)).toEqual(['Ada', 'p-1', null])
    expect(faces[0].candidates[0]).toMatchObject({ file: null, votes: 1 })
    expect(gallery).toEqual({ people: 2, photos: 2, refused: [] })
    const both = await recognise(...photos, '--site', state, '--gallery', cast)
    expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('--gallery and --site are given') })
    const nowhere = await recognise(...photos, '--site', join(state, 'nowhere'))
    expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining('there are no people in') })
  })

  it('says 2 and why when it cannot know', async () => {
    const empty = scratchDirectory()
    const photo = join(cast, 'ada/gate-4.jpg')
    expect(await recognise(photo)).toMatchObject({ code: 2, stderr: expect.stringMatching(/--gallery is missing/) })
    expect(await recognise(photo, '--gallery', empty)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--gallery: .* has no photo in it/),
    })
    expect(await recognise(photo, '--gallery', join(empty, 'x'))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--gallery: .*x does not exist/),
    })
    mkdirSync(join(empty, 'ada'))
    writeFileSync(join(empty, 'ada/a.jpg'), 'no photo')
    expect(await recognise(photo, '--gallery', empty)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no photo in .* has a face that can be used/),
    })
  })
})
