import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import type { RunOptions } from '../../src/site/run-options.ts'
import { watchHeld } from '../support/held.ts'
import { site as siteOf, until, useRecordings } from './whole-site.ts'

const recordings = useRecordings()

/** One with the camera `cafe` unless told otherwise. */
const site = (config: object = {}, given: Partial<RunOptions> = {}) =>
  siteOf({ cameras: { cafe: { url: recordings.cafe } }, ...config }, given)

const count = (events: readonly RollcallEvent[], type: RollcallEvent['type']): number =>
  events.filter((event) => event.type === type).length

test('recordings, to their end: every frame an event, people on disk and told, nothing left open', async () => {
  const held = watchHeld()
  const here = site({
    cameras: { cafe: { url: recordings.cafe }, gate: { url: recordings.gate } },
    vision: { processes: 2 },
  })
  const run = await here.start()
  expect(run.url).toBeNull()
  await run.done
  const events = here.events()
  const { frames, people, cameras } = run.status()
  expect(count(events, 'rollcall.frame.v1')).toBe(frames)
  expect(frames).toBeGreaterThan(140)
  expect(cameras.map(({ state }) => state)).toEqual(['ended', 'ended'])
  expect(count(events, 'rollcall.person.created.v1')).toBeGreaterThan(0)
  expect(await held.extra()).toEqual([])
  expect(run.vision.size).toBe(2)
  expect(here.unpublished()).toEqual({ unpublished: [], people })
}, 180_000)

test('without sinks what is committed counts as told', async () => {
  const here = site({ cameras: { gate: { url: recordings.gate } }, sinks: {} })
  await (await here.start()).done
  const { unpublished, people } = here.unpublished()
  expect(unpublished).toEqual([])
  expect(people).toBeGreaterThan(0)
}, 180_000)

test('a live site whose vision process dies: the camera is offline, a new process starts, stop ends all', async () => {
  const held = watchHeld()
  const here = site({ cameras: { door: { url: 'rtsp://127.0.0.1:1/door' } }, http: { port: 0 } }, { untilEnd: false })
  const run = await here.start()
  const first = await until(() => run.vision.get('vision-1'))
  await until(() => run.status().cameras[0]?.code === 'CAMERA_UNREACHABLE')
  here.restarts.expect(/SIGKILL/)
  process.kill(first, 'SIGKILL')
  await until(() => run.status().cameras[0]?.reason.includes('SIGKILL'))
  expect(run.status().cameras).toMatchObject([{ state: 'offline', code: 'PIPELINE', retryInMs: 250 }])
  expect((await fetch(`${run.url}/readyz`)).status).toBe(503)
  const second = await until(() => run.vision.get('vision-1'))
  expect(second).not.toBe(first)
  // Started is not ready: it has its models to load.
  expect(await (await fetch(`${run.url}/readyz`)).json()).toMatchObject({ reasons: ['vision-1 is loading its models'] })
  await until(async () => (await fetch(`${run.url}/readyz`)).status === 200)
  await until(() => run.status().cameras[0]?.code === 'CAMERA_UNREACHABLE')
  run.stop()
  await run.done
  expect(await held.extra()).toEqual([])
  expect(here.logged.filter((line) => line.startsWith('vision process was killed by SIGKILL'))).toHaveLength(1)
  expect(here.restarts.lines(), 'one that nobody expects would be found').toHaveLength(1)
}, 180_000)

test('a model that cannot be loaded: done rejects with its code and file, nothing is left open', async () => {
  const models = mkdtempSync(join(tmpdir(), 'rollcall-run-models-'))
  onTestFinished(() => rmSync(models, { recursive: true, force: true }))
  const shipped = join(import.meta.dirname, '../../models')
  for (const file of ['detector.json', 'embedder.json', 'embedder.onnx', 'embedder.calibration.json'])
    writeFileSync(join(models, file), readFileSync(join(shipped, file)))
  writeFileSync(join(models, 'detector.onnx'), 'no model')
  const held = watchHeld()
  const run = await site({ models: { directory: models }, http: { port: 0 } }, { untilEnd: false }).start()
  await expect(run.done).rejects.toMatchObject({ code: 'MODEL_INVALID' })
  expect(await held.extra()).toEqual([])
}, 180_000)

test('a second run on the same state says so, and leaves the first alone', async () => {
  const here = site({ cameras: { door: { url: 'rtsp://127.0.0.1:1/door' } } }, { untilEnd: false })
  const run = await here.start()
  await expect(here.start()).rejects.toMatchObject({ code: 'STATE' })
  run.stop()
  await run.done
  expect(here.unpublished().unpublished).toEqual([])
}, 180_000)

test('stopped before its processes have started, it ends', async () => {
  const held = watchHeld()
  const run = await site().start()
  run.stop()
  await run.done
  expect(await held.extra()).toEqual([])
}, 180_000)
