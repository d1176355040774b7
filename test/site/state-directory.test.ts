import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { configSchema, defaultConfig } from '../../src/config/config.ts'
import { stateDirectoryOf, withSpoolDirectory } from '../../src/site/state-directory.ts'

const env = { HOME: '/home/eve' }
const named = (directory: string | null) => ({ ...defaultConfig(), state: { directory } })

test('live cameras are remembered under the state directory of whoever starts it, site by site', () => {
  const live = { untilEnd: false, env }
  expect(stateDirectoryOf(defaultConfig(), live)).toBe('/home/eve/.local/state/rollcall/site')
  expect(stateDirectoryOf({ ...defaultConfig(), site: 'north' }, { ...live, env: { XDG_STATE_HOME: '/state' } })).toBe(
    '/state/rollcall/north',
  )
})

test('recordings are not, unless a directory is named; null is nowhere', () => {
  expect(stateDirectoryOf(defaultConfig(), { untilEnd: true, env })).toBeNull()
  expect(stateDirectoryOf(named('/data'), { untilEnd: true, env })).toBe('/data')
  expect(stateDirectoryOf(named(null), { untilEnd: false, env })).toBeNull()
})

test('a relative XDG_STATE_HOME is ignored, as its specification says', () => {
  const relative = { untilEnd: false, env: { ...env, XDG_STATE_HOME: 'state' } }
  expect(stateDirectoryOf(defaultConfig(), relative)).toBe('/home/eve/.local/state/rollcall/site')
})

test('the spool is in the state directory, unless an earlier version has left one', () => {
  const here = mkdtempSync(join(tmpdir(), 'rollcall-'))
  const state = join(here, 'state')
  const of = (spool: object, directory: string | null) =>
    withSpoolDirectory(configSchema.parse({ sinks: { kafka: { spool } } }), directory, here).sinks.kafka.spool.directory
  expect(of({}, state)).toBe(join(state, 'spool'))
  expect(of({}, null)).toBe(join(here, '.rollcall/spool'))
  expect(of({ directory: '/spool' }, state)).toBe('/spool')
  mkdirSync(join(here, '.rollcall/spool'), { recursive: true })
  expect(of({}, state)).toBe(join(here, '.rollcall/spool'))
  mkdirSync(join(state, 'spool'), { recursive: true })
  expect(of({}, state)).toBe(join(state, 'spool'))
})
