import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { readLoop } from '../../simulator/read-loop.ts'
import { startRtspServer } from '../../simulator/rtsp-server.ts'
import { checkCamera } from '../../src/commands/doctor/camera.ts'
import { checkClock, checkOrigin } from '../../src/commands/doctor/clock.ts'
import { type Check, type Finding, runChecks } from '../../src/commands/doctor/finding.ts'
import { checkAccess, checkCertificate, checkPort } from '../../src/commands/doctor/http.ts'
import { checkModels } from '../../src/commands/doctor/models.ts'
import { checkState } from '../../src/commands/doctor/state.ts'
import { doctor } from '../../src/commands/doctor.ts'
import { configSchema } from '../../src/config/config.ts'
import { cameraOptions } from '../../src/ingest/options.ts'

const footage = resolve(import.meta.dirname, '../../footage')
const directory = mkdtempSync(join(tmpdir(), 'rollcall-'))
const config = (given: object) => configSchema.parse(given)
const camera = (given: object) => checkCamera('door', cameraOptions.parse(given))
afterEach(() => {
  vi.restoreAllMocks()
})

describe('a camera is logged in to, and described', () => {
  const server = async (scheme: 'basic' | 'digest') => {
    const rtsp = await startRtspServer({ auth: { user: 'viewer', password: 'p/w@x', scheme } })
    onTestFinished(() => rtsp.close())
    rtsp.addCamera('lobby', { loop: await readLoop(join(footage, 'lobby.mp4')) })
    return rtsp.url('lobby')
  }

  test.each(['tcp', 'udp'])('with the right password, over %s', async (transport) => {
    const finding = await camera({ url: await server('digest'), user: 'viewer', password: 'p/w@x', transport })
    expect(finding).toMatchObject({ verdict: 'good', what: 'camera door' })
    expect(finding.detail).toMatch(
      /^H\.26[45] \([\w-]+\), \d+×\d+, \d+ frames\/s, (tcp|udp), first frame after \d\.\d s$/,
    )
    expect(finding.data).toMatchObject({ transport, width: expect.any(Number), firstFrameMs: expect.any(Number) })
  })

  test.each([
    [{ user: 'viewer', password: 'wrong-hunter2' }, /wrong user or password/],
    [{}, /user and password are needed/],
  ])('not with the login %j', async (login, detail) => {
    const finding = await camera({ url: await server('basic'), ...login })
    expect(finding).toMatchObject({ verdict: 'bad', data: { code: 'CAMERA_UNAUTHORIZED' } })
    expect(finding.detail).toMatch(detail)
    expect(JSON.stringify(finding)).not.toContain('hunter2')
  })

  test('which is a recording', async () => {
    expect((await camera({ url: join(footage, 'gate.mp4') })).detail).toMatch(
      /^H\.26[45] .*, 25 frames\/s, first frame/,
    )
  })

  test.each([
    ['/no/such.mp4', /there is no file/],
    [import.meta.filename, /./],
    ['rtsp://127.0.0.1:9/x', /127\.0\.0\.1:9/],
  ])('%s is told as it is', async (url, detail) => {
    const finding = await camera({ url })
    expect(finding).toMatchObject({ verdict: 'bad', fix: expect.any(String) })
    expect(finding.detail).toMatch(detail)
  })

  test('a camera that accepts and is silent is not waited for longer than it may take', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    onTestFinished(() => void silent.close())
    await new Promise((listening) => silent.once('listening', listening))
    const url = `rtsp://127.0.0.1:${(silent.address() as AddressInfo).port}/x`
    const startedAt = performance.now()
    expect(await camera({ url, connectTimeoutMs: 1000 })).toMatchObject({
      verdict: 'bad',
      data: { code: 'CAMERA_TIMEOUT' },
    })
    expect(performance.now() - startedAt).toBeLessThan(10_000)
  })
})

describe('the state directory', () => {
  const of = (state: string | null, more: object = {}) =>
    checkState(config({ state: { directory: state }, ...more }), { HOME: directory })
  test('may be there, or be made', () => {
    expect(of(directory)).toMatchObject([
      { verdict: 'good', detail: expect.stringMatching(/is writable, \d+ [MG]iB free/) },
      { verdict: 'good', what: 'people', detail: 'nobody yet' },
    ])
    expect(of(join(directory, 'a/b'))[0]?.detail).toContain('made at the first start')
    expect(of(null)).toMatchObject([{ verdict: 'poor', fix: expect.stringContaining('state.directory') }])
  })

  test.each([
    ['/proc/rollcall', /\/proc/],
    ['/dev/null/rollcall', /\/dev\/null is no directory/],
  ])('%s cannot be written', (path, detail) => {
    expect(of(path)[0]).toMatchObject({
      verdict: 'bad',
      detail: expect.stringMatching(detail),
      fix: expect.any(String),
    })
  })

  test('with something else in the place of the people is told', () => {
    const foreign = join(directory, 'foreign')
    mkdirSync(foreign)
    writeFileSync(
      join(foreign, 'people.db'),
      'my own notes, nothing for anybody else, and certainly no database of yours at all. '.repeat(3),
    )
    expect(of(foreign)[1]).toMatchObject({ verdict: 'bad', what: 'people' })
  })

  test('is looked at together with the spool and the events file', () => {
    const sinks = { events: '/proc/x/events.jsonl', kafka: { brokers: ['127.0.0.1:1'] } }
    const findings = of(directory, { sinks })
    expect(findings.map(({ what }) => what)).toEqual(['state directory', 'people', 'spool for Kafka', 'events file'])
    expect(findings[2]?.detail).toContain(join(directory, 'spool'))
    expect(findings[3]?.verdict).toBe('bad')
  })
})

describe('certificates', () => {
  const pair = (name: string, days: string) => {
    const [cert, key] = [join(directory, `${name}.pem`), join(directory, `${name}.key`)]
    const make = [
      'req',
      '-x509',
      '-nodes',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-subj',
      '/CN=localhost',
    ]
    execFileSync('openssl', [...make, '-days', days, '-keyout', key, '-out', cert], { stdio: 'ignore' })
    return { cert, key }
  }
  const check = (files: { cert: string; key: string }, inDays = 0) =>
    checkCertificate('http.tls', files, Date.now() + inDays * 86_400_000)

  test('are good, end soon, have ended, or are not yet valid', () => {
    const files = pair('good', '100')
    expect(check(files)).toMatchObject({ verdict: 'good', detail: expect.stringMatching(/until \d{4}-\d\d-\d\d/) })
    expect(check(files, 80)).toMatchObject({ verdict: 'poor', fix: 'renew the certificate soon' })
    expect(check(files, 101)).toMatchObject({ verdict: 'bad', detail: expect.stringContaining('expired') })
    expect(check(files, -2)).toMatchObject({ verdict: 'bad', fix: expect.stringContaining('clock') })
  })

  test('need their own key, and files that are there', () => {
    const [mine, other] = [pair('mine', '100'), pair('other', '100')]
    expect(check({ cert: mine.cert, key: other.key }).detail).toContain('is not the key of')
    expect(check({ cert: '/no/cert.pem', key: mine.key }).detail).toContain('/no/cert.pem')
    expect(check({ cert: mine.cert, key: mine.cert })).toMatchObject({
      verdict: 'bad',
      fix: expect.stringContaining('http.tls.key'),
    })
  })
})

describe('what is reached over the network', () => {
  const listening = async (date: string) => {
    const server = createHttpServer((_, response) => response.writeHead(200, { date }).end()).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await new Promise((ready) => server.once('listening', ready))
    return (server.address() as AddressInfo).port
  }

  test('an origin answers, and its clock is ours or not', async () => {
    const right = await listening(new Date().toUTCString())
    expect(await checkOrigin(`http://127.0.0.1:${right}`, 5000)).toMatchObject([
      { verdict: 'good' },
      { verdict: 'good', detail: 'the same to the second' },
    ])
    const wrong = await listening(new Date(Date.now() - 3_600_000).toUTCString())
    expect(await checkOrigin(`http://127.0.0.1:${wrong}`, 5000)).toMatchObject([
      { verdict: 'good' },
      { verdict: 'poor', detail: expect.stringMatching(/^(3599|3600) s apart$/) },
    ])
    expect(await checkOrigin('http://127.0.0.1:9', 5000)).toMatchObject([
      { verdict: 'poor', fix: expect.stringContaining('allowedOrigins') },
    ])
  })

  test('a port is free or not', async () => {
    const port = await listening('')
    const { http } = config({ http: { port } })
    expect(await checkPort(http, null)).toMatchObject([{ verdict: 'bad', fix: expect.stringContaining('http.port') }])
    expect(await checkPort({ ...http, port: 0 }, null)).toMatchObject([{ verdict: 'good' }])
    expect(await checkPort({ ...http, port: null }, null)).toEqual([])
  })

  test('who may call is told', () => {
    const of = (http: object) => checkAccess(config({ http }).http)[0]
    expect(of({})?.detail).toBe('open to programs on this machine only')
    expect(of({ host: '0.0.0.0' })).toMatchObject({
      verdict: 'bad',
      detail: expect.stringContaining('http.auth.tokens'),
    })
    expect(of({ auth: { mode: 'off' } })?.verdict).toBe('poor')
    expect(of({ port: null })).toBeUndefined()
  })
})

test('the clock is steady', async () => {
  expect(await checkClock()).toMatchObject({ verdict: 'good', detail: expect.stringContaining('steady') })
})

test('models run, and providers say why they do not', async () => {
  const findings = await checkModels(config({}))
  expect(findings.filter(({ verdict }) => verdict === 'bad')).toEqual([])
  expect(findings).toContainEqual({ verdict: 'good', what: 'models on cpu', detail: 'works' })
  expect(await checkModels(config({ models: { directory } }))).toMatchObject([
    { verdict: 'bad', what: 'detector' },
    { verdict: 'bad', what: 'embedder' },
  ])
})

test('checks run at the same time, in order, and none is waited for without end', async () => {
  const good: Finding = { verdict: 'good', what: 'a', detail: 'fine' }
  const started: string[] = []
  const check = (name: string, run: Check['run']): Check => ({
    name,
    run: () => {
      started.push(name)
      return run()
    },
  })
  const progress: string[] = []
  const findings = await runChecks(
    [
      check('hangs', () => new Promise(() => undefined)),
      check('throws', async () => Promise.reject(new Error('broken'))),
      check('works', async () => [good]),
    ],
    { patienceMs: 50, onProgress: (done, all, waitingFor) => progress.push(`${done}/${all} ${waitingFor.join()}`) },
  )
  expect(started).toEqual(['hangs', 'throws', 'works'])
  expect(findings).toEqual([
    { verdict: 'bad', what: 'hangs', detail: 'no result within 0.05 s' },
    { verdict: 'bad', what: 'throws', detail: 'broken' },
    good,
  ])
  expect([progress[0], progress.at(-1)]).toEqual(['0/3 hangs,throws,works', '3/3 '])
})

describe('the command', () => {
  const run = async (...args: string[]) => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
    const code = await doctor([...args, '--http', '0', '--state', directory])
    return { code, out: String(log.mock.calls.map(([line]) => String(line)).join('\n')) }
  }

  test('tells every mistake of a configuration, goes on with the machine, and says what it leaves out; JSON is one object', async () => {
    const file = join(directory, 'site.yaml')
    writeFileSync(file, 'level: x\ncameras:\n  door: { url: "rtsp://u:1/hunter2@h/x" }\n')
    const { code, out } = await run('--config', file, '--json')
    const { ok, findings } = JSON.parse(out) as { ok: boolean; findings: Finding[] }
    expect([code, ok]).toEqual([1, false])
    expect(findings.filter(({ what }) => what === 'configuration')).toHaveLength(2)
    const looked = findings.map(({ what }) => what.split(' ')[0])
    expect(looked).toEqual(expect.arrayContaining(['GStreamer', 'clock', 'the']))
    // A default of what could not be read would say nothing of this machine's Rollcall.
    for (const what of ['state', 'http', 'access']) expect(looked).not.toContain(what)
    expect(out).not.toContain('hunter2')
  })

  test('looks at both streams of a camera, each under its own name', async () => {
    const file = join(directory, 'two.yaml')
    const lost = join(directory, 'lost.mp4')
    writeFileSync(file, `cameras:\n  door: { url: ${join(footage, 'lobby.mp4')}, detailUrl: ${lost} }\n`)
    const { out } = await run('--config', file)
    expect(out).toMatch(/^ok {4}camera door: H\.264/m)
    expect(out).toMatch(/camera door \(detailUrl\): there is no file .*lost\.mp4/)
  })

  test('exits with 0 when all is well', async () => {
    const { code, out } = await run('--camera', `gate=${join(footage, 'gate.mp4')}`)
    expect(out).toMatch(/^ok {4}camera gate: H\.26/m)
    expect(code, out).toBe(0)
  })
})
