import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { stringify } from 'yaml'
import { readLoop } from '../../simulator/read-loop.ts'
import { startRtspServer } from '../../simulator/rtsp-server.ts'
import { rollcall } from './rollcall.ts'

const loop = resolve(import.meta.dirname, '../../footage/lobby.mp4')

/** Each would have changed the URL, the file or the pipeline. All hold `odd`, and a part that is in no other word. */
const passwords = [
  '8554/odd1',
  'p@odd2@127.0.0.2:9/x',
  'odd3:x#y?z',
  'odd4 %41%',
  'ödd5-odd5-ß漢😀',
  'odd6"\\\' ! filesink location=x',
  '${HOME}odd7',
]

/** Every spelling in which a part of a password could be found again. */
const traces = passwords.flatMap((password) => [
  /odd\d/.exec(password)?.[0] ?? '',
  Buffer.from(`viewer:${password}`).toString('base64'),
])

const commandLines = (): string =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      } catch {
        return ''
      }
    })
    .join('\n')

test('whatever a password holds, the camera is logged in to, and the password is nowhere to be read', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-odd-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const frames = await readLoop(loop)
  const cameras: Record<string, object> = {}
  const env: Record<string, string> = {}
  for (const [i, password] of passwords.entries()) {
    const rtsp = await startRtspServer({ auth: { user: 'viewer', password, scheme: i % 2 === 0 ? 'digest' : 'basic' } })
    onTestFinished(() => rtsp.close())
    rtsp.addCamera('lobby', { loop: frames })
    const url = rtsp.url('lobby')
    env[`P${i}`] = password
    writeFileSync(join(directory, `secret${i}`), `${password}\n`)
    const ways = [
      { url, user: 'viewer', password: `\${P${i}}` },
      { url: url.replace('://', `://viewer:\${P${i}}@`) },
      { url, user: 'viewer', password: `\${file:${join(directory, `secret${i}`)}}` },
    ]
    cameras[`good${i}`] = { ...ways[i % 3], maxFps: 1, connectTimeoutMs: 60_000 }
    // The password of another camera: it is refused, and is as secret.
    cameras[`bad${i}`] = { url, user: 'viewer', password: `\${P${(i + 2) % passwords.length}}` }
  }
  const file = join(directory, 'site.yaml')
  writeFileSync(
    file,
    stringify({ cameras, http: { port: 0 }, log: { level: 'debug', format: 'json' }, state: { directory: null } }),
  )

  const looked = rollcall(['doctor', '--config', file, '--json'], env)
  expect(await looked.exited).toBe(1)
  const { findings } = JSON.parse(looked.lines.join('')) as {
    findings: { what: string; verdict: string; data?: { code?: string } }[]
  }
  for (const i of passwords.keys()) {
    expect(findings.find(({ what }) => what === `camera good${i}`)).toMatchObject({ verdict: 'good' })
    expect(findings.find(({ what }) => what === `camera bad${i}`)).toMatchObject({
      verdict: 'bad',
      data: { code: 'CAMERA_UNAUTHORIZED' },
    })
  }

  const run = rollcall(['run', '--config', file, '--events', '-'], env)
  onTestFinished(() => run.kill('SIGKILL'))
  const url = await run.until('listening', () => /"url":"(http:[^"]+)"/.exec(run.stderr())?.[1], 60_000)
  const states = (name: string) => run.events.filter(({ subject }) => subject === name).map(({ type }) => type)
  for (const i of passwords.keys()) {
    await run.until(`good${i} online`, () => states(`good${i}`).includes('rollcall.camera.online.v1'), 60_000)
    await run.until(`bad${i} refused`, () => states(`bad${i}`).includes('rollcall.camera.offline.v1'), 60_000)
  }
  const answers = await Promise.all(
    ['/api/cameras', '/api/people', '/metrics', '/readyz', '/api/openapi.json'].map(async (path) =>
      (await fetch(url + path)).text(),
    ),
  )
  const arguments_ = commandLines()
  run.kill('SIGTERM')
  await run.exited

  const wrong = file.replace('site', 'wrong')
  writeFileSync(
    wrong,
    readFileSync(file, 'utf8').replaceAll('maxFps: 1', 'maxFps: "${P0}"').replaceAll('user:', 'usr:'),
  )
  const refused = rollcall(['run', '--config', wrong], env)
  expect(await refused.exited).toBe(1)
  expect(refused.stderr()).toContain('did you mean user?')

  const places = {
    doctor: looked.lines.join('\n') + looked.stderr(),
    events: run.lines.join('\n'),
    log: run.stderr(),
    answers: answers.join('\n'),
    'command lines': arguments_,
    'mistakes of the configuration': refused.stderr(),
  }
  for (const [place, text] of Object.entries(places)) {
    expect(text.length, place).toBeGreaterThan(100)
    for (const trace of traces) expect(text.includes(trace), `${trace} in ${place}`).toBe(false)
  }
}, 240_000)
