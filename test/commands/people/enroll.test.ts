import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../../identity/store/states.ts'
import { gstLaunch, hasElements } from '../../support/gst.ts'
import { calledWith, changes } from './called.ts'

const footage = resolve(import.meta.dirname, '../../../footage/street.mp4')
const canCut = hasElements('videorate', 'videoscale', 'videoconvert', 'jpegenc', 'jpegdec', 'multifilesink')

/** Two frames a second of the street; the truth beside the footage says who is in them. */
describe.skipIf(!canCut)('enroll, from frames of people who do not exist', () => {
  let photos = ''
  const at = (seconds: number): string => join(photos, `${seconds * 2}.jpg`)
  const fay = () => [at(16), at(16.5), at(17)]
  const gus = () => [at(9), at(9.5)]
  const nobody = () => at(0.5)
  const adaAndChen = () => at(5)

  const launch = async (pipeline: string): Promise<void> => {
    const { code, errors } = await gstLaunch(pipeline, 120_000)
    if (code !== 0) throw new Error(`gst-launch-1.0 ended with ${code}: ${errors}`)
  }
  /** The photo at another width; enlarged again it is blurred. */
  const resized = async (file: string, width: number, enlarged = false): Promise<string> => {
    const to = join(photos, `${width}${enlarged ? '-enlarged' : ''}.jpg`)
    const size = (w: number): string => `videoscale ! video/x-raw,width=${w},height=${(w * 9) / 16}`
    await launch(
      `filesrc location=${file} ! jpegdec ! ${size(width)} ! ${enlarged ? `${size(1280)} ! ` : ''}jpegenc ! filesink location=${to}`,
    )
    return to
  }

  beforeAll(async () => {
    photos = mkdtempSync(join(tmpdir(), 'rollcall-frames-'))
    await launch(
      `filesrc location=${footage} ! decodebin ! videorate ! video/x-raw,framerate=2/1 ! videoconvert ! jpegenc quality=95 ! ` +
        `multifilesink location=${photos}/%d.jpg`,
    )
  }, 150_000)
  afterAll(() => rmSync(photos, { recursive: true, force: true }))

  it('names a person by the good photos, and says what is wrong with each of the others', async () => {
    const { json, run } = calledWith('--state', temporaryDirectory())
    const notes = join(photos, 'notes.txt')
    writeFileSync(notes, 'no photo')
    const [stranger = ''] = gus()
    const wrong = {
      [notes]: 'unreadable',
      [nobody()]: 'no-face',
      [adaAndChen()]: 'several-faces',
      [await resized(at(16), 640)]: 'too-small',
      [await resized(at(16), 320, true)]: 'blurred',
      [stranger]: 'unlike',
    }
    const { person, events, photos: reviewed } = await json('enroll', 'Fay', ...Object.keys(wrong), ...fay())
    expect(Object.fromEntries(reviewed.map(({ file, reason }: Record<string, string>) => [file, reason]))).toEqual({
      ...wrong,
      ...Object.fromEntries(fay().map((file) => [file, null])),
    })
    expect(changes({ events })).toEqual(['created', 'named'])
    expect((await json('list')).people).toMatchObject([{ id: person, name: 'Fay', faces: 0, lastCamera: '' }])
    expect((await run('list')).stdout).toMatch(/Fay +never +–/)
  })

  it('adds photos to the person of that name, and keeps another one apart', async () => {
    const { json, run } = calledWith('--state', temporaryDirectory())
    const [first = '', ...more] = fay()
    const { person } = await json('enroll', 'Fay', first)
    expect(await json('enroll', 'Fay', ...more)).toMatchObject({ person, events: [] })
    const { stdout } = await run('enroll', 'Gus', ...gus())
    expect(stdout).toContain(`accepted  ${at(9)}`)
    expect(stdout).not.toContain('merge the two')
    const { people } = await json('list')
    expect(people.map(({ name }: { name: string }) => name)).toEqual(['Fay', 'Gus'])
  })

  it('says when somebody who is known already looks the same', async () => {
    const { json, run } = calledWith('--state', temporaryDirectory())
    const [first = '', ...more] = fay()
    const { person } = await json('enroll', 'Fay', ...more)
    expect((await run('enroll', 'Faye', first)).stdout).toContain(`${person} is as alike as one person`)
  })

  it('enrolls nobody when no photo is good', async () => {
    const state = join(temporaryDirectory(), 'fresh')
    const result = await calledWith('--state', state).run('enroll', 'Fay', nobody(), adaAndChen())
    expect(result.code).toBe(1)
    expect(result.stdout).toMatch(/refused .*no face was found.*\nrefused .*there are 2 faces.*\nnobody was enrolled/)
    expect((await calledWith('--state', state).run('list')).code).toBe(1)
  })
})
