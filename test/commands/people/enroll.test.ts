import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../../identity/store/states.ts'
import { calledWith, changes } from './called.ts'
import { canCut, cutFrames, type Frames } from './frames.ts'

describe.skipIf(!canCut)('enroll, from frames of people who do not exist', () => {
  let frames: Frames
  beforeAll(async () => {
    frames = await cutFrames()
  }, 150_000)
  afterAll(() => frames?.remove())

  it('names a person by the good photos, and says what is wrong with each of the others', async () => {
    const { json, run } = calledWith('--state', temporaryDirectory())
    const { fay, gus, nobody, adaAndChen, resized } = frames
    const [first = ''] = fay
    const notes = join(frames.directory, 'notes.txt')
    writeFileSync(notes, 'no photo')
    const wrong = {
      [notes]: 'unreadable',
      [nobody]: 'no-face',
      [adaAndChen]: 'several-faces',
      [await resized(first, 640)]: 'too-small',
      [await resized(first, 320, true)]: 'blurred',
      [gus[0] ?? '']: 'unlike',
    }
    const { person, events, photos } = await json('enroll', 'Fay', ...Object.keys(wrong), ...fay)
    expect(Object.fromEntries(photos.map(({ file, reason }: Record<string, string>) => [file, reason]))).toEqual({
      ...wrong,
      ...Object.fromEntries(fay.map((file) => [file, null])),
    })
    expect(changes({ events })).toEqual(['created', 'named'])
    expect((await json('list')).people).toMatchObject([{ id: person, name: 'Fay', faces: 0, lastCamera: '' }])
    expect((await run('list')).stdout).toMatch(/Fay +never +–/)
  })

  it('adds photos to the person of that name, and keeps another one apart', async () => {
    const { json, run } = calledWith('--state', temporaryDirectory())
    const [first = '', ...more] = frames.fay
    const { person } = await json('enroll', 'Fay', first)
    expect(await json('enroll', 'Fay', ...more)).toMatchObject({ person, events: [] })
    const { stdout } = await run('enroll', 'Gus', ...frames.gus)
    expect(stdout).toContain(`accepted  ${frames.gus[0]}`)
    expect(stdout).not.toContain('merge the two')
    const { people } = await json('list')
    expect(people.map(({ name }: { name: string }) => name)).toEqual(['Fay', 'Gus'])
  })

  it('says when somebody who is known already looks the same', async () => {
    const { json, run } = calledWith('--state', temporaryDirectory())
    const [first = '', ...more] = frames.fay
    const { person } = await json('enroll', 'Fay', ...more)
    expect((await run('enroll', 'Faye', first)).stdout).toContain(`${person} is as alike as one person`)
  })

  it('says when the photos of a known name show somebody else', async () => {
    const { json, run } = calledWith('--state', temporaryDirectory())
    const { person } = await json('enroll', 'Fay', ...frames.fay)
    expect((await run('enroll', 'Fay', frames.fay[0] ?? '')).stdout).not.toContain('split it')
    expect((await run('enroll', 'Fay', ...frames.gus)).stdout).toContain(`the looks of ${person} differ`)
    expect(changes(await json('split', person))).toEqual(['created', 'split'])
  })

  it('enrolls nobody when no photo is good', async () => {
    const { run } = calledWith('--state', join(temporaryDirectory(), 'fresh'))
    const result = await run('enroll', 'Fay', frames.nobody, frames.adaAndChen)
    expect(result.code).toBe(1)
    expect(result.stdout).toMatch(/refused .*no face was found.*\nrefused .*there are 2 faces.*\nnobody was enrolled/)
    expect((await run('list')).code).toBe(1)
  })
})
