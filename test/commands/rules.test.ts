import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { rules } from '../../src/commands/rules.ts'
import { describeError } from '../../src/errors.ts'
import { rowsOf } from '../../src/identity/state/live-rows.ts'
import type { SavedLive } from '../../src/identity/state/saved-live.ts'
import { openStore } from '../../src/identity/store/open.ts'
import { ruleOptions } from '../../src/rules/options.ts'
import { changeOf, embedder, personAt, temporaryDirectory } from '../identity/store/states.ts'

const minute = 60_000
const noLive: SavedLive = { version: 2, cameras: [], tracklets: [], touched: [] }

/** A state in which Ada was seen twice, ten minutes ago and now, and a configuration with rules about her. */
const scene = () => {
  const directory = temporaryDirectory()
  const store = openStore(directory, { embedder })
  const now = Date.now()
  const sightings = [now - 10 * minute, now - minute].map((fromMs, i) => {
    const track = { track: `door/s/${i}`, seq: i, fromMs, untilMs: fromMs + 5000, frames: 20 }
    return { number: i + 1, sighting: `s${i}`, person: 'p-0', camera: 'door', ...track, ended: true, tracks: [track] }
  })
  const people = [personAt(0, { name: 'Ada' })]
  const given = { ...ruleOptions.parse({ who: 'p-0', when: 'leaves' }), givenFor: 'p-0' }
  const live = { put: [...rowsOf(noLive), { kind: 'given-rule' as const, key: 'given', value: given }], gone: [] }
  store.commit(changeOf({ created: 1, people, sightings, sequence: 2, clockMs: now, live }))
  store.close()
  const config = join(directory, 'rollcall.yaml')
  writeFileSync(
    config,
    `cameras: { door: rtsp://127.0.0.1/a }
rules:
  home: { who: Ada }
  night: { who: stranger, cameras: [dor], evidence: { score: 0.7 } }
`,
  )
  const call = async (...args: string[]): Promise<string> => {
    const lines: string[] = []
    const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
    try {
      expect(await rules([...args, '--config', config, '--state', directory])).toBe(0)
    } catch (error) {
      return describeError(error)
    } finally {
      log.mockRestore()
    }
    return lines.join('\n')
  }
  return { call }
}

test('lists rules with what is strange about them, and tries them on the past', async () => {
  const { call } = scene()
  expect(await call('list')).toBe(
    'given: p-0 leaves, given over HTTP\nhome: Ada arrives\nnight: stranger arrives on dor\nstrange: rules.night.cameras: there is no camera dor; did you mean door?',
  )
  const lines = (await call('test')).split('\n')
  expect(lines[0]).toMatch(
    /^\d{4}-\d\d-\d\d \d\d:\d\d \S+ {2}home {2}Ada arrives \(door\): seen on door after more than 5 min without; 10 frames/,
  )
  expect(lines.slice(-2)).toEqual([
    expect.stringMatching(/^given 1, home 2, night 0 in 2 sightings since \d{4}-\d\d-\d\d \d\d:\d\d/),
    'not checked, because it is not kept: evidence.quality and evidence.score of night',
  ])
  const { firings } = JSON.parse(await call('test', '--since', '5m', '--rule', 'home', '--json'))
  expect(firings).toHaveLength(1)
})

test('says what is wrong with its words', async () => {
  const { call } = scene()
  expect(await call('test', '--since', '7')).toContain('USAGE: --since "7": expected so long ago, or a date')
  expect(await call('test', '--rule', 'hme')).toContain('there is no rule "hme"; did you mean home?')
  expect(await call('test', 'home')).toContain('"home" stands alone')
  await expect(rules(['list'])).rejects.toThrow('there are no rules')
})
