import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
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

  it('adds photos to the person of that name, keeps another one apart, and says who looks the same and whose looks differ', async () => {
    const { json, run } = calledWith('--state', temporaryDirectory())
    const [first = '', ...more] = frames.fay
    const { person } = await json('enroll', 'Fay', first)
    expect((await run('enroll', 'Fay', ...more)).stdout).not.toContain('split it')
    const { stdout } = await run('enroll', 'Gus', ...frames.gus)
    expect(stdout).toContain(`accepted  ${frames.gus[0]}`)
    expect(stdout).not.toContain('merge the two')
    const { people } = await json('list')
    expect(people).toMatchObject([{ id: person, name: 'Fay' }, { name: 'Gus' }])
    expect((await run('enroll', 'Faye', first)).stdout).toContain(`${person} is as alike as one person`)
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

  it('turns a face that is upside down or lies, and knows it as the same', async () => {
    const { json, run } = calledWith('--state', temporaryDirectory())
    const [upright = ''] = frames.fay
    const turned = new Map([90, 180, 270].map((degrees) => [degrees, join(frames.directory, `turned-${degrees}.jpg`)]))
    for (const [degrees, file] of turned) await sharp(upright).rotate(degrees).jpeg({ quality: 95 }).toFile(file)
    const { stdout: lying } = await run('enroll', 'Fay', ...turned.values())
    for (const [degrees, file] of turned) expect(lying).toContain(`accepted  ${file} (turned by ${360 - degrees}°`)
    const { stdout } = await run('enroll', 'Fay', upright)
    expect(stdout).not.toMatch(/turned|differ/)
    expect((await json('list')).people).toHaveLength(1)
    expect((await json('show', 'Fay')).person.spread ?? 1).toBeGreaterThan(0.9)
  })

  it('enrolls a folder of people; what is wrong with one stops nobody', async () => {
    const { run } = calledWith('--state', temporaryDirectory())
    const folder = join(temporaryDirectory(), 'people')
    const put = (name: string, files: readonly string[]): void => {
      mkdirSync(join(folder, name), { recursive: true })
      for (const [i, file] of files.entries()) copyFileSync(file, join(folder, name, `${i + 1}.png`))
    }
    put('Fay', frames.fay)
    put('Gus', frames.gus)
    put('Nobody', [frames.nobody])
    put('bad\u200dname', frames.gus)
    put('Empty', [])
    writeFileSync(join(folder, 'Gus', 'list.jpg'), '#EXTM3U\nhttp://127.0.0.1:1/a.ts\n')
    writeFileSync(join(folder, 'Gus', '.DS_Store'), '')
    writeFileSync(join(folder, 'loose.jpg'), '')
    execFileSync('mkfifo', [join(folder, 'Fay', 'pipe.jpg')])
    const { code, stdout } = await run('enroll', '--folder', folder)
    expect(code).toBe(3)
    for (const line of [
      /^\[2\/4\] Fay: 4 photos$/m,
      /^accepted {2}.*Fay.1\.png$/m,
      /^refused {3}.*Fay.pipe\.jpg: is a pipe/m,
      /^refused {3}.*Gus.list\.jpg: is a playlist/m,
      /^refused {3}.*Nobody.1\.png: no face was found/m,
      /^refused {3}.*bad.*name: .*control or format characters/m,
      /^skipped {3}.*Empty: there is no photo/m,
      /^skipped {3}.*loose\.jpg: /m,
      /^2 of 4 people enrolled, 5 of 10 photos accepted$/m,
    ])
      expect(stdout).toMatch(line)
    expect(stdout).not.toContain('DS_Store')
    const { stdout: known } = await run('list')
    expect(known).toMatch(/Fay.*Gus/s)
    expect((await run('enroll', '--folder', join(folder, 'Gus'))).stderr).toMatch(/has no folder with photos/)
    expect((await run('enroll', '--folder', join(folder, 'none'))).code).toBe(2)
  })
})
