import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { topicOf } from '../../src/events/types.ts'
import { whoRuns } from '../../src/identity/store/running.ts'
import { temporaryDirectory } from '../identity/store/states.ts'
import { rollcall } from '../integration/rollcall.ts'
import { calledWith, changes, ids } from './people/called.ts'
import { canCut, cutFrames, type Frames } from './people/frames.ts'

describe.skipIf(!canCut)('people of a Rollcall that runs', () => {
  let frames: Frames
  beforeAll(async () => {
    frames = await cutFrames()
  }, 150_000)
  afterAll(() => frames?.remove())

  /** The real program, whose only camera is never reached, on a state. */
  const running = async (state: string) => {
    const args = [
      'run',
      '--state',
      state,
      '--http',
      '127.0.0.1:0',
      '--events',
      '-',
      '--camera',
      'door=rtsp://127.0.0.1:9/',
    ]
    const site = rollcall(args)
    onTestFinished(async () => {
      site.kill('SIGTERM')
      await site.exited
    })
    await site.until('it listens', () => whoRuns(state)?.url ?? undefined, 60_000)
    return site
  }

  it('does every verb there as on a directory, and publishes what changes', async () => {
    const state = temporaryDirectory()
    const { run, json } = calledWith('--state', state)
    const [first = '', ...more] = frames.fay
    const { person: fay } = await json('enroll', 'Fay', first)

    const site = await running(state)
    expect(ids(await json('list'))).toEqual([fay])
    expect(await json('enroll', 'Fay', ...more)).toMatchObject({ person: fay, events: [] })
    const { person: gus } = await json('enroll', 'Gus', ...frames.gus)
    const { person } = await json('show', fay)
    expect(person).toMatchObject({ id: fay, name: 'Fay', apart: [], alike: [{ person: gus }] })

    await json('separate', fay, gus)
    expect((await json('show', gus)).person.apart).toEqual([fay])
    expect((await run('merge', gus, fay)).stderr).toMatch(/PERSON_CONFLICT: .*"Gus".* — Take the name away/)
    expect(changes(await json('name', gus, ''))).toEqual(['named'])
    expect((await run('merge', gus, fay)).stderr).toMatch(/PERSON_CONFLICT: .* said that they are two; .* is needed/)
    expect(changes(await json('merge', gus, fay, '--force'))).toEqual(['merged'])
    expect((await json('show', gus)).person).toMatchObject({ id: fay, aliases: [gus] })
    expect(changes(await json('unmerge', gus))).toEqual(['unmerged'])
    expect((await json('show', gus)).person).toMatchObject({ id: gus, name: null, apart: [fay] })
    expect(changes(await json('merge', gus, fay, '--force'))).toEqual(['merged'])
    expect(changes(await json('split', fay))).toEqual(['unmerged'])

    const file = join(state, 'export.json')
    await run('export', file)
    expect(JSON.parse(readFileSync(file, 'utf8')).people).toHaveLength(2)
    expect(changes(await json('import', file))).toEqual([])
    writeFileSync(join(state, 'odd.json'), '{}')
    expect((await run('import', join(state, 'odd.json'))).code).toBe(2)

    expect(changes(await json('delete', fay))).toEqual(['deleted'])
    expect((await run('show', fay)).stderr).toMatch(/PERSON_UNKNOWN/)
    expect((await run('import', file)).stderr).toMatch(/PERSON_CONFLICT: .*was deleted here/)

    const published = () => site.events.filter((event) => topicOf(event) === 'people')
    await site.until('the deletion is published', () => changes({ events: published() }).includes('deleted'))
    expect(changes({ events: published() })).toEqual([
      'created',
      'named',
      'created',
      'named',
      'apart',
      'named',
      'merged',
      'unmerged',
      'merged',
      'unmerged',
      'deleted',
    ])
  }, 120_000)
})
