import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type SimulatedCameras, startSimulatedCameras } from '../../../simulator/simulated-cameras.ts'
import { commandLine } from '../../../src/command-line.ts'
import { configSchema } from '../../../src/config/config.ts'
import type { RollcallEvent } from '../../../src/events/types.ts'
import { type Run, startRun } from '../../../src/site/run.ts'
import { faultsOfAnswer } from '../../server/answers.ts'
import { eventually } from '../../support/eventually.ts'
import { watchedLog } from '../../support/restarts.ts'
import { until } from '../whole-site.ts'

const footage = join(import.meta.dirname, '../../../footage')
const login = { user: 'anna', password: 'hunter2-ß@é' }
const tokens = [
  { name: 'bob', scopes: ['read', 'operate'], token: 'a-token-that-may-operate-0123' },
  { name: 'eve', scopes: ['read'], token: 'a-token-that-may-only-read-0123' },
]

let directory = ''
let simulated: SimulatedCameras
let run: Run
const config = (more: object = {}) =>
  configSchema.parse({
    cameras: { lobby: { url: simulated.cameras[0]?.url } },
    // No face is needed: few frames leave the processor to others.
    cameraDefaults: { maxFps: 5 },
    vision: { processes: 1 },
    http: { port: 0, auth: { mode: 'on', tokens } },
    sinks: { events: join(directory, 'events.jsonl') },
    log: { level: 'silent' },
    ...more,
  })
const start = () =>
  startRun(config(), {
    untilEnd: false,
    stateDirectory: join(directory, 'state'),
    log: watchedLog(),
    configFile: 'rollcall.yaml',
  })

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rollcall-at-run-time-'))
  const files = ['lobby', 'gate'].map((name) => ({ name, file: join(footage, `${name}.mp4`) }))
  simulated = await startSimulatedCameras(files, { auth: { ...login, scheme: 'digest' } })
  run = await start()
  await until(() => run.status().cameras[0]?.state === 'online')
}, 60_000)
afterAll(async () => {
  run?.stop()
  await run?.done
  await simulated?.close()
  rmSync(directory, { recursive: true, force: true })
})

interface Shown {
  readonly camera: string
  readonly source: string
  readonly paused: boolean
  readonly state: string
  readonly settings: object
  readonly figures: { readonly receivedFps: number; readonly latencyMs: { readonly p50: number; readonly p95: number } }
}
/** What the answers of all routes may hold. */
interface Body {
  readonly error: { readonly code: string; readonly message: string }
  readonly camera: Shown
  readonly cameras: readonly Shown[]
  readonly picture: string
  readonly facts: readonly { readonly what: string }[]
  readonly failure: { readonly remedy: string }
  readonly processes: readonly { readonly name: string }[]
  readonly series: { readonly clients: readonly number[] }
  readonly events: readonly { readonly seq: number }[]
  readonly next: { readonly epoch: string; readonly before: number } | null
  readonly paths: Readonly<Record<string, { readonly get: Operation }>>
}
interface Operation {
  readonly responses: {
    readonly 200: { readonly content: { readonly 'application/json': { readonly schema: object } } }
  }
}

const call = async (method: string, path: string, body?: object, token = 0) => {
  const response = await fetch(`${run.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${tokens[token]?.token}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Body }
}
const events = (): readonly RollcallEvent[] =>
  readFileSync(join(directory, 'events.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as RollcallEvent)
const framesOf = (camera: string) =>
  events().flatMap((event) => (event.type === 'rollcall.frame.v1' && event.data.camera === camera ? [event.data] : []))
const stateOf = (camera: string) => run.status().cameras.find((each) => each.camera === camera)
const urlOf = (name: string) =>
  new URL(simulated.cameras.find((each) => each.name === name)?.url ?? '').href.replace(/\/\/.*@/, '//')

test('add, edit, pause, resume and remove a camera: the other keeps its stream, and misses nothing', async () => {
  await until(() => framesOf('lobby').length > 3)
  const url = urlOf('gate')
  const added = await call('POST', '/api/cameras', { name: 'gate', url, ...login })
  expect(added).toMatchObject({ status: 200, body: { camera: { camera: 'gate', source: 'state', login: true, url } } })
  await until(() => stateOf('gate')?.state === 'online' && (run.status().framesOf.get('gate') ?? 0) > 3)
  expect(run.vision.size, 'in the process that is there').toBe(1)
  expect((await call('PATCH', '/api/cameras/gate', { maxFps: 5 })).body.camera.settings).toEqual({ maxFps: 5 })
  await until(() => stateOf('gate')?.state === 'online')
  expect((await call('POST', '/api/cameras/gate/pause')).body.camera).toMatchObject({
    paused: true,
    code: 'CAMERA_PAUSED',
  })
  expect((await call('POST', '/api/cameras/gate/resume')).body.camera.paused).toBe(false)
  await until(() => stateOf('gate')?.state === 'online')
  const before = run.status().framesOf.get('lobby') ?? 0
  expect((await call('DELETE', '/api/cameras/gate')).body).toEqual({ removed: 'gate' })
  await until(() => (run.status().framesOf.get('lobby') ?? 0) > before + 5)
  expect(run.status().cameras.map(({ camera }) => camera)).toEqual(['lobby'])
  const streams = new Set(framesOf('lobby').map(({ stream }) => stream))
  expect(streams.size, 'one stream').toBe(1)
  // A vision process reports its metrics every five seconds.
  const metrics = await eventually(async () => {
    const answer = await fetch(`${run.url}/metrics`, { headers: { authorization: `Bearer ${tokens[0]?.token}` } })
    const text = await answer.text()
    expect(text).toContain('rollcall_camera_reconnects_total{camera="lobby"')
    return text
  })
  expect(metrics.split('\n').filter((line) => line.includes('camera="gate"'))).toEqual([])
  for (const name of ['camera_reconnects', 'stream_losses'])
    expect(metrics).toMatch(new RegExp(`rollcall_${name}_total\\{camera="lobby"[^}]*\\} 0`))
  const said = events().flatMap((event) =>
    event.type.startsWith('rollcall.camera.') && event.subject === 'gate' ? [event] : [],
  )
  expect(said.at(-1)).toMatchObject({
    type: 'rollcall.camera.ended.v1',
    data: { code: 'CAMERA_REMOVED', reason: 'removed by bob' },
  })
}, 120_000)

test('no answer, file mode or log holds the password; a restart has the camera, paused as it was', async () => {
  await call('POST', '/api/cameras', { name: 'kept', url: urlOf('gate'), ...login })
  await call('POST', '/api/cameras/kept/pause')
  expect((await call('POST', '/api/cameras/lobby/pause')).status).toBe(200)
  run.stop()
  await run.done
  run = await start()
  const list = await call('GET', '/api/cameras', undefined, 1)
  expect(list.body.cameras.map((each) => [each.camera, each.source, each.paused, each.state])).toEqual([
    ['lobby', 'file', true, 'offline'],
    ['kept', 'state', true, 'offline'],
  ])
  expect(list.body).toMatchObject({ file: 'rollcall.yaml', kept: true, problems: [] })
  expect(JSON.stringify([list, await call('GET', '/api/system/log')])).not.toMatch(/hunter2/)
  expect(statSync(join(directory, 'state', 'cameras.json')).mode & 0o777).toBe(0o600)
  expect((await call('POST', '/api/cameras/lobby/resume')).status).toBe(200)
  expect((await call('DELETE', '/api/cameras/kept')).status).toBe(200)
  await until(() => stateOf('lobby')?.state === 'online')
}, 120_000)

test('what cannot be done says what and why; who may only read changes nothing', async () => {
  const wrong = async (method: string, path: string, body?: object, token = 0) => {
    const answer = await call(method, path, body, token)
    return `${answer.status} ${answer.body.error.code}: ${answer.body.error.message}`
  }
  expect(await wrong('POST', '/api/cameras', { name: 'x', url: 'rtsp://h/1' }, 1)).toMatch(/^403 SCOPE/)
  for (const verb of ['pause', 'resume'])
    expect(await wrong('POST', `/api/cameras/lobby/${verb}`, {}, 1)).toMatch(/^403/)
  expect(await wrong('POST', '/api/cameras/test', { url: 'rtsp://h/1' }, 1)).toMatch(/^403/)
  expect(await wrong('DELETE', '/api/cameras/lobby')).toMatch(/^409 STATE: camera lobby is in the configuration/)
  expect(await wrong('PATCH', '/api/cameras/nobody', { maxFps: 1 })).toMatch(/^404 CAMERA_NOT_FOUND/)
  expect(await wrong('POST', '/api/cameras', { name: 'lobby', url: 'rtsp://h/1' })).toMatch(/^409 STATE/)
  expect(await wrong('POST', '/api/cameras', { name: '../x', url: 'rtsp://h/1' })).toMatch(/^400 USAGE: name:/)
  expect(await wrong('POST', '/api/cameras', { name: 'x', url: 'gopher://a:hunter2@h' })).toMatch(
    /^400 USAGE: camera x: url:/,
  )
  expect(await wrong('POST', '/api/cameras', { name: 'x', url: 'rtsp://h/1', fps: 3 })).toMatch(/fps: unknown key/)
  expect(await wrong('POST', '/api/cameras', [] as never)).toMatch(/^400 USAGE: body/)
}, 60_000)

test('a test shows a picture and what doctor found, or says that the password is wrong; one at a time', async () => {
  const url = urlOf('gate')
  const [first, second] = await Promise.all([
    call('POST', '/api/cameras/test', { url, ...login }),
    call('POST', '/api/cameras/test', { url, ...login }),
  ])
  const answers = [first, second].toSorted((a, b) => a.status - b.status)
  expect(answers.map(({ status }) => status)).toEqual([200, 409])
  const { body } = answers[0] as typeof first
  expect(body).toMatchObject({ ok: true, failure: null, size: { width: simulated.cameras[1]?.width } })
  expect(Buffer.from(body.picture, 'base64').subarray(0, 2).toString('hex')).toBe('ffd8')
  expect(body.facts.map(({ what }) => what)).toEqual(expect.arrayContaining(['video', 'key frames', 'clock']))
  const denied = await call('POST', '/api/cameras/test', { url, user: 'anna', password: 'wrong' })
  expect(denied.body).toMatchObject({ ok: false, picture: null, failure: { code: 'CAMERA_UNAUTHORIZED' } })
  expect(denied.body.failure.remedy).toMatch(/\w/)
  expect(run.status().cameras).toHaveLength(1)
  expect(stateOf('lobby')?.state).toBe('online')
}, 60_000)

test('the list has figures, and every answer is what the OpenAPI document says', async () => {
  await until(async () => ((await call('GET', '/api/cameras')).body.cameras[0]?.figures.receivedFps ?? 0) > 1)
  const document = (await call('GET', '/api/openapi.json')).body
  const check = async (path: string) => {
    const { body } = await call('GET', path)
    expect([path, faultsOfAnswer(document, `get ${path.split('?')[0]}`, body)]).toEqual([path, null])
    return body
  }
  const { cameras } = await check('/api/cameras')
  expect(cameras[0]?.figures).toMatchObject({
    codec: expect.stringMatching(/^H\.26/),
    clock: 'camera',
    lastError: null,
  })
  const latencyMs = cameras[0]?.figures.latencyMs
  expect(latencyMs?.p95).toBeGreaterThanOrEqual(latencyMs?.p50 ?? Number.NaN)
  expect((await check('/api/system')).processes.map(({ name }) => name)).toEqual(['main', 'vision-1'])
  await until(async () => (await call('GET', '/api/system/history')).body.series.clients.length > 0)
  await check('/api/system/history')
  await check('/api/system/log')
  const page = await check('/api/events?type=frames&camera=lobby&limit=2')
  expect(page.events).toHaveLength(2)
  const next = await check(
    `/api/events?type=frames&camera=lobby&limit=1&before=${page.next?.before}&epoch=${page.next?.epoch}`,
  )
  expect(next.events[0]?.seq).toBeLessThan(page.events[1]?.seq ?? 0)
  expect((await call('GET', '/api/events?limit=0')).status).toBe(400)
  expect((await call('GET', '/api/events?epoch=another')).body.error.code).toBe('USAGE')
}, 60_000)

test('SIGHUP takes over cameras of the configuration; the others go on', async () => {
  const stream = framesOf('lobby').at(-1)?.stream
  const cameras = { lobby: { url: simulated.cameras[0]?.url }, gate: { url: simulated.cameras[1]?.url } }
  const { reread, restart } = await run.reload(config({ cameras }))
  expect([reread[0], restart]).toEqual(['cameras.gate (added)', []])
  await until(() => stateOf('gate')?.state === 'online')
  expect((await run.reload(config())).reread[0]).toBe('cameras.gate (removed)')
  const before = framesOf('lobby').length
  await until(() => framesOf('lobby').length > before + 3)
  expect(framesOf('lobby').at(-1)?.stream).toBe(stream)
  expect(run.status().cameras.map(({ camera }) => camera)).toEqual(['lobby'])
}, 60_000)

test('rollcall cameras: add, list, pause, resume, remove; errors are those of the Rollcall', async () => {
  const lines: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
  vi.stubEnv('ROLLCALL_TOKEN', tokens[0]?.token ?? '')
  vi.stubEnv('ROLLCALL_CAMERA_PASSWORD', login.password)
  const where = ['--url', run.url ?? '']
  await commandLine(['cameras', 'add', 'yard', urlOf('gate'), '--user', login.user, ...where])
  await until(() => stateOf('yard')?.state === 'online')
  for (const verb of ['pause', 'resume']) await commandLine(['cameras', verb, 'yard', ...where])
  await commandLine(['cameras', 'list', ...where])
  await commandLine(['cameras', 'remove', 'yard', ...where])
  await expect(commandLine(['cameras', 'remove', 'lobby', ...where])).rejects.toThrow(/is in the configuration/)
  await expect(commandLine(['cameras', 'pause', ...where])).rejects.toMatchObject({ code: 'USAGE' })
  log.mockRestore()
  vi.unstubAllEnvs()
  expect(lines.slice(0, 3)).toEqual([
    'camera yard was added; rollcall cameras list says how it does',
    'camera yard is paused',
    'camera yard goes on',
  ])
  expect(lines[3]).toMatch(/^lobby {2}online, .* frames\/s.*\(in rollcall\.yaml, H\.26.*\)\nyard {2}/)
  expect(lines.join()).not.toMatch(/hunter2/)
}, 60_000)
