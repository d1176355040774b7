import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { configSchema } from '../../src/config/config.ts'
import type { RollcallEvent } from '../../src/events/types.ts'
import { openStore } from '../../src/identity/store/open.ts'
import { type RunOptions, startRun } from '../../src/site/run.ts'
import { gstLaunch } from '../support/gst.ts'
import { watchHeld } from '../support/held.ts'
import { silent } from './site.ts'

const footage = join(import.meta.dirname, '../../footage')
let clips = ''

/** The first frames of our own footage; somebody comes into the cafe in them. */
const cut = async (scene: string, codec: 'h264' | 'h265', frames: number): Promise<string> => {
  const file = join(clips, `${scene}.mp4`)
  const { code, errors } = await gstLaunch(
    `filesrc location=${join(footage, `${scene}.mp4`)} ! qtdemux ! ${codec}parse ! identity eos-after=${frames} ! mp4mux ! filesink location=${file}`,
  )
  expect(code, errors).toBe(0)
  return file
}

let cafe = ''
let gate = ''
beforeAll(async () => {
  clips = mkdtempSync(join(tmpdir(), 'rollcall-run-clips-'))
  cafe = await cut('cafe', 'h264', 225)
  gate = await cut('gate', 'h265', 40)
})
afterAll(() => rmSync(clips, { recursive: true, force: true }))

/** A site in a folder of its own, with vision processes, sinks and people as in production. */
const site = (config: object = {}, given: Partial<RunOptions> = {}) => {
  const root = mkdtempSync(join(tmpdir(), 'rollcall-run-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const [file, state] = [join(root, 'events.jsonl'), join(root, 'state')]
  const logged: string[] = []
  const log = { ...silent, error: (_fields: object, message: string) => logged.push(message) }
  const parsed = configSchema.parse({
    cameras: { cafe: { url: cafe } },
    vision: { processes: 1 },
    http: { port: null },
    sinks: { events: file },
    log: { level: 'error' },
    ...config,
  })
  return {
    logged,
    file,
    state,
    start: () => startRun(parsed, { untilEnd: true, stateDirectory: state, log, ...given }),
    events: () =>
      readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as RollcallEvent),
    /** What a restart would publish again. */
    unpublished: () => {
      const store = openStore(state, { embedder: null })
      try {
        return { unpublished: store.unpublished(), people: store.saved().people.length }
      } finally {
        store.close()
      }
    },
  }
}

const until = async <T>(found: () => T | undefined | false | null): Promise<T> => {
  for (;;) {
    const result = found()
    if (result !== undefined && result !== false && result !== null) return result
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const count = (events: readonly RollcallEvent[], type: RollcallEvent['type']): number =>
  events.filter((event) => event.type === type).length

test('recordings, to their end: every frame an event, people on disk and told, nothing left open', async () => {
  const held = watchHeld()
  const here = site({ cameras: { cafe: { url: cafe }, gate: { url: gate } }, vision: { processes: 2 } })
  const run = await here.start()
  expect(run.url).toBeNull()
  await run.done
  const events = here.events()
  const { frames, people, cameras } = run.status()
  expect(count(events, 'rollcall.frame.v1')).toBe(frames)
  expect(frames).toBeGreaterThan(250)
  expect(cameras.map(({ state }) => state)).toEqual(['ended', 'ended'])
  expect(count(events, 'rollcall.person.created.v1')).toBeGreaterThan(0)
  expect(await held.extra()).toEqual([])
  expect(run.vision.size).toBe(2)
  expect(here.unpublished()).toEqual({ unpublished: [], people })
}, 60_000)

test('without sinks what is committed counts as told', async () => {
  const here = site({ sinks: {} })
  await (await here.start()).done
  const { unpublished, people } = here.unpublished()
  expect(unpublished).toEqual([])
  expect(people).toBeGreaterThan(0)
}, 60_000)

test('a recording whose vision process dies is over: done rejects and says so, the rest is closed', async () => {
  const held = watchHeld()
  const here = site({ http: { port: 0 } })
  const run = await here.start()
  const pid = await until(() => run.vision.get('vision-1'))
  await until(() => run.status().frames > 0)
  process.kill(pid, 'SIGKILL')
  await expect(run.done).rejects.toMatchObject({ code: 'PIPELINE', message: expect.stringContaining('SIGKILL') })
  expect(run.status().cameras).toMatchObject([{ state: 'ended', code: 'PIPELINE' }])
  expect(await held.extra()).toEqual([])
}, 60_000)

test('a live site whose vision process dies: the camera is offline, a new process starts, stop ends all', async () => {
  const held = watchHeld()
  const here = site({ cameras: { door: { url: 'rtsp://127.0.0.1:1/door' } }, http: { port: 0 } }, { untilEnd: false })
  const run = await here.start()
  const first = await until(() => run.vision.get('vision-1'))
  await until(() => run.status().cameras[0]?.code === 'CAMERA_UNREACHABLE')
  process.kill(first, 'SIGKILL')
  await until(() => run.status().cameras[0]?.reason.includes('SIGKILL'))
  expect(run.status().cameras).toMatchObject([{ state: 'offline', code: 'PIPELINE', retryInMs: 250 }])
  expect((await fetch(`${run.url}/readyz`)).status).toBe(503)
  const second = await until(() => run.vision.get('vision-1'))
  expect(second).not.toBe(first)
  expect((await fetch(`${run.url}/readyz`)).status).toBe(200)
  await until(() => run.status().cameras[0]?.code === 'CAMERA_UNREACHABLE')
  run.stop()
  await run.done
  expect(await held.extra()).toEqual([])
  expect(here.logged.filter((line) => line.startsWith('vision process was killed by SIGKILL'))).toHaveLength(1)
}, 60_000)

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
}, 60_000)

test('a second run on the same state says so, and leaves the first alone', async () => {
  const here = site({ cameras: { door: { url: 'rtsp://127.0.0.1:1/door' } } }, { untilEnd: false })
  const run = await here.start()
  await expect(here.start()).rejects.toMatchObject({ code: 'STATE' })
  run.stop()
  await run.done
  expect(here.unpublished().unpublished).toEqual([])
}, 60_000)

test('stopped before its processes have started, it ends', async () => {
  const held = watchHeld()
  const run = await site().start()
  run.stop()
  await run.done
  expect(await held.extra()).toEqual([])
}, 60_000)
