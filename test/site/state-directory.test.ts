import { expect, test } from 'vitest'
import { defaultConfig } from '../../src/config/config.ts'
import { stateDirectoryOf } from '../../src/site/state-directory.ts'

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
