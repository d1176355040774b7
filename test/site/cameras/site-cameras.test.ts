import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { configSchema } from '../../../src/config/config.ts'
import { openCameraFile } from '../../../src/site/cameras/saved-cameras.ts'
import { createSiteCameras } from '../../../src/site/cameras/site-cameras.ts'
import { createStatus } from '../../../src/site/status.ts'

const url = 'rtsp://192.0.2.10/stream1'

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'rollcall-cameras-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** The cameras of a site, and what they have the vision processes do. */
const open = (directory: string | null, named: object = { gate: url }, untilEnd = false) => {
  const done: string[] = []
  const said: string[] = []
  const logged: string[] = []
  const log = (_fields: object, message: string) => void logged.push(message)
  const config = configSchema.parse({ cameras: named })
  const status = createStatus([], () => 0)
  const cameras = createSiteCameras({
    config,
    file: openCameraFile(directory),
    untilEnd,
    pool: () => ({
      open: (name, { maxFps }) => void done.push(`open ${name} ${maxFps}`),
      close: (name) => done.push(`close ${name}`) > 0,
    }),
    status,
    say: ({ camera, state, reason, code }) => void said.push(`${camera} ${state} ${code ?? '-'}: ${reason}`),
    forget: (name) => void done.push(`forget ${name}`),
    nowMs: () => 1000,
    log: {
      debug: log,
      info: log,
      warn: log,
      error: (fields: object, message: string) => log({}, `${message} ${JSON.stringify(fields)}`),
    },
  })
  return {
    cameras,
    done,
    said,
    logged,
    names: () => cameras.all().map(({ name, source, paused }) => `${name} ${source}${paused ? ' paused' : ''}`),
  }
}

test('add, edit, pause, resume, remove: only this camera is told, and a restart knows it', () => {
  const directory = folder()
  const { cameras, done, said, names } = open(directory)
  cameras.add('door', { url: 'rtsp://anna:hunter2@192.0.2.11/1' }, 'bob')
  expect(names()).toEqual(['gate file', 'door state'])
  cameras.edit('door', { maxFps: 4 }, 'bob')
  cameras.edit('door', { maxFps: 4 }, 'bob')
  cameras.pause('door', true, 'bob')
  cameras.pause('door', true, 'bob')
  cameras.edit('door', { maxFps: 5 }, 'bob')
  expect(open(directory).names()).toEqual(['gate file', 'door state paused'])
  cameras.pause('door', false, 'anybody')
  expect(open(directory).cameras.get('door').options).toMatchObject({ user: 'anna', password: 'hunter2', maxFps: 5 })
  cameras.remove('door', 'bob')
  expect(done).toEqual(['open door null', 'open door 4', 'close door', 'open door 5', 'close door', 'forget door'])
  expect(said).toEqual([
    'door opening -: added by bob',
    'door opening -: changed by bob',
    'door offline CAMERA_PAUSED: paused by bob',
    'door opening -: resumed',
    'door ended CAMERA_REMOVED: removed by bob',
  ])
  expect(open(directory).names()).toEqual(['gate file'])
  const file = join(directory, 'cameras.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('cameras of the configuration are paused, over a restart too, and not changed', () => {
  const directory = folder()
  const { cameras } = open(directory)
  for (const work of [() => cameras.edit('gate', { maxFps: 1 }, 'bob'), () => cameras.remove('gate', 'bob')])
    expect(work).toThrow(/is in the configuration/)
  expect(() => cameras.add('gate', { url }, 'bob')).toThrow(/already/)
  expect(() => cameras.remove('nobody', 'bob')).toThrow(/no camera "nobody"/)
  cameras.pause('gate', true, 'bob')
  const again = open(directory)
  expect(again.names()).toEqual(['gate file paused'])
  expect(again.cameras.running()).toEqual({})
  again.cameras.pause('gate', false, 'bob')
  expect(open(directory).names()).toEqual(['gate file'])
})

test('a name in both: the configuration counts, said once; taken out of it, the other is back', () => {
  const directory = folder()
  open(directory, {}).cameras.add('gate', { url, maxFps: 9 }, 'bob')
  const { cameras, done, logged, names } = open(directory)
  expect(names()).toEqual(['gate file'])
  expect(logged).toEqual(['camera gate is in the configuration and was added, too: the configuration counts'])
  expect(cameras.reload(configSchema.parse({ cameras: { gate: { url, maxFps: 2 } } }))).toEqual([
    'cameras.gate (changed)',
  ])
  expect(cameras.reload(configSchema.parse({}))).toEqual(['cameras.gate (changed)'])
  expect(names()).toEqual(['gate state'])
  expect(done).toEqual(['open gate 2', 'open gate 9'])
  expect(logged).toHaveLength(1)
})

test('reload adds, changes and removes what the configuration names, and nothing else', () => {
  const { cameras, done, said, names } = open(folder(), { a: url, b: url, c: url })
  cameras.add('own', { url }, 'bob')
  cameras.pause('c', true, 'bob')
  done.length = 0
  const next = configSchema.parse({ cameras: { a: url, c: { url, maxFps: 3 }, d: url } })
  expect(cameras.reload(next)).toEqual(['cameras.b (removed)', 'cameras.c (changed)', 'cameras.d (added)'])
  expect(done).toEqual(['close b', 'forget b', 'open d null'])
  expect(names()).toEqual(['a file', 'c file paused', 'd file', 'own state'])
  expect(said.slice(-2)).toEqual([
    'b ended CAMERA_REMOVED: no longer in the configuration',
    'd opening -: added to the configuration',
  ])
  expect(cameras.reload(next)).toEqual([])
  const slower = configSchema.parse({ cameraDefaults: { maxFps: 1 }, cameras: { a: url, c: url, d: url } })
  expect(cameras.reload(slower)).toEqual([
    'cameras.a (changed)',
    'cameras.c (changed)',
    'cameras.d (changed)',
    'cameras.own (changed)',
  ])
})

test.each([
  ['no JSON', '{ "version": 1, "pass', /is no JSON/],
  ['of a newer version', '{ "version": 2, "cameras": [] }', /newer version \(2/],
  [
    'another file',
    '{ "version": 1, "cameras": { "door": { "camera": "hunter2" } }, "paused": [] }',
    /cameras\.door\.camera is wrong/,
  ],
])('a file that is %s: one line, the rest goes on, and no byte of it changes', (_what, text, says) => {
  const directory = folder()
  const file = join(directory, 'cameras.json')
  writeFileSync(file, text)
  const { cameras, logged, names } = open(directory)
  expect(names()).toEqual(['gate file'])
  expect(logged).toHaveLength(1)
  expect(logged[0]).toMatch(says)
  expect(logged[0]).not.toMatch(/hunter2/)
  expect(cameras.problems()[0]).toMatch(says)
  expect(() => cameras.add('door', { url }, 'bob')).toThrow(/cannot be kept/)
  expect(names()).toEqual(['gate file'])
  expect(readFileSync(file, 'utf8')).toBe(text)
})

test('one camera in it that cannot be read is left out and kept; the others are opened', () => {
  const directory = folder()
  const entry = (camera: object) => ({ paused: false, camera })
  const kept = {
    version: 1,
    cameras: { door: entry({ url }), future: entry({ url, beam: 7 }), '..': entry({ url }) },
    paused: [],
  }
  writeFileSync(join(directory, 'cameras.json'), JSON.stringify(kept))
  const { cameras, logged, names } = open(directory)
  expect(names()).toEqual(['gate file', 'door state'])
  expect(logged).toHaveLength(2)
  expect(logged[0]).toMatch(/^camera future was added and cannot be opened: .*beam: unknown key/)
  cameras.remove('door', 'bob')
  expect(readFileSync(join(directory, 'cameras.json'), 'utf8')).toContain('"beam": 7')
  expect(() => cameras.add('future', { url }, 'bob')).toThrow(/already/)
})

test('a disk that takes nothing: nothing happens; without a directory it holds for this run', () => {
  const { cameras, done } = open(join(folder(), 'not', 'there'))
  expect(() => cameras.add('door', { url }, 'bob')).toThrow(/its directory does not exist/)
  expect([done, cameras.has('door')]).toEqual([[], false])
  const memory = open(null).cameras
  memory.add('door', { url }, 'bob')
  expect([memory.has('door'), memory.isKept]).toEqual([true, false])
})

test('recordings that are read to their end are not changed', () => {
  const directory = folder()
  open(directory).cameras.add('door', { url }, 'bob')
  const { cameras, names } = open(directory, { gate: url }, true)
  expect(names()).toEqual(['gate file'])
  expect(() => cameras.add('other', { url }, 'bob')).toThrow(/recordings are read to their end/)
  expect(cameras.reload(configSchema.parse({}))).toEqual([])
})
