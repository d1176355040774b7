import { execFileSync } from 'node:child_process'
import {
  closeSync,
  constants,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readLoop } from '../../simulator/read-loop.ts'
import { startRtspServer } from '../../simulator/rtsp-server.ts'
import type { RollcallEvent } from '../../src/events/types.ts'
import { openFaults } from '../support/faults/faults.ts'
import { excerpt, firstFrames, loopFile, scratchDirectory } from '../support/footage.ts'
import { hangingProxy, silentClient, silentPort } from './hostile.ts'
import { type Rollcall, rollcall, runToEnd } from './rollcall.ts'

/** Eight seconds of the street on an RTSP camera that can be made to hang: three people walk past. */
const camera = async () => {
  const rtsp = await startRtspServer()
  onTestFinished(() => rtsp.close())
  rtsp.addCamera('street', { loop: excerpt(await readLoop(loopFile('street')), 3, 11) })
  const proxy = await hangingProxy(Number(new URL(rtsp.url('street')).port))
  return { ...proxy, url: `rtsp://127.0.0.1:${proxy.port}/street` }
}

const start = (
  directory: string,
  config: { readonly cameras: object; readonly [key: string]: object },
  env: Readonly<Record<string, string>> = {},
) => {
  const file = join(directory, 'site.yaml')
  writeFileSync(file, JSON.stringify(config))
  const run = rollcall(['run', '--config', file], env)
  onTestFinished(() => run.kill('SIGKILL'))
  return { run, file }
}

const urlOf = (run: Rollcall): Promise<string> =>
  run.until('the address', () => /"url":"([^"]+)"/.exec(run.stderr())?.[1])

/** Seconds from the signal until the process is gone. */
const endOf = async (
  run: Rollcall,
  signal: NodeJS.Signals = 'SIGTERM',
): Promise<{ code: number | null; seconds: number }> => {
  const from = performance.now()
  run.kill(signal)
  const code = await run.exited
  return { code, seconds: (performance.now() - from) / 1000 }
}

const eventsIn = (file: string): RollcallEvent[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as RollcallEvent)
    : []
const created = (events: readonly RollcallEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'rollcall.person.created.v1' ? [event.subject] : []))

test('ends within ten seconds whatever the others do, and loses nobody', async () => {
  const directory = scratchDirectory()
  const street = await camera()
  const pipe = join(directory, 'pipe')
  execFileSync('mkfifo', [pipe])
  // Somebody has it open, never reads, and it is full.
  const reader = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK)
  onTestFinished(() => closeSync(reader))
  expect(() => {
    for (;;) writeSync(reader, Buffer.alloc(4096))
  }).toThrow('EAGAIN')
  const config = {
    cameras: { street: { url: street.url, maxFps: 10 } },
    http: { port: 0 },
    state: { directory: join(directory, 'state') },
    sinks: {
      events: pipe,
      kafka: { brokers: [`127.0.0.1:${await silentPort()}`], spool: { directory: join(directory, 'spool') } },
    },
  }
  const { run } = start(directory, config)
  const url = await urlOf(run)
  const hello = 'GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n'
  await silentClient(url, `${hello}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${'a'.repeat(22)}==\r\n\r\n`)
  await silentClient(
    url,
    'POST /api/people/import HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n{',
  )
  await silentClient(url, 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')
  const people = async () => ((await (await fetch(`${url}/api/people`)).json()) as { people: { id: string }[] }).people
  let ids: string[] = []
  const look = setInterval(async () => {
    ids = (await people().catch(() => [])).map(({ id }) => id)
  }, 200)
  onTestFinished(() => clearInterval(look))
  await run.until('people', () => ids.length >= 2, 60_000)
  clearInterval(look)
  street.hang()
  const { code, seconds } = await endOf(run)
  expect(seconds, run.stderr()).toBeLessThan(10)
  expect(code).toBe(0)
  expect(run.stderr()).toMatch(/"kept":[1-9].*not all events could be delivered/)
  expect(run.stderr()).toMatch(/kafka events stay on disk until the next start/)

  const file = join(directory, 'events.jsonl')
  const again = start(directory, {
    ...config,
    sinks: { events: file },
    cameras: { street: { url: 'rtsp://127.0.0.1:1/' } },
  })
  await again.run.until('everybody', () => ids.every((id) => created(eventsIn(file)).includes(id)))
  expect((await endOf(again.run)).code).toBe(0)
}, 120_000)

test('a disk that hangs in a write does not keep the process; the second signal ends at once', async () => {
  // Both at once: they wait for most of their time.
  const end = async (signals: 1 | 2): Promise<void> => {
    const faults = openFaults()
    if (!faults) return
    onTestFinished(() => faults.close())
    const directory = scratchDirectory()
    const events = join(directory, 'events.jsonl')
    // Nothing answers there, neither yes nor no (RFC 5737).
    const kafka = { brokers: ['192.0.2.1:9092'], spool: { directory: join(directory, 'spool') } }
    const cameras = { door: { url: 'rtsp://127.0.0.1:1/', backoff: { firstMs: 100, maxMs: 200 } } }
    const state = { directory: join(directory, 'state') }
    faults.set()
    const { run } = start(directory, { cameras, http: { port: 0 }, state, sinks: { events, kafka } }, faults.env)
    const url = await urlOf(run)
    await run.until('an event', () => eventsIn(events).length > 0)
    faults.set(`write delay:3600000 ${events}`)
    const before = statSync(events).size
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(statSync(events).size).toBe(before)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    if (signals === 2) {
      run.kill('SIGTERM')
      // Two at once are one request.
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
    const { seconds } = await endOf(run, signals === 2 ? 'SIGINT' : 'SIGTERM')
    expect(seconds, run.stderr()).toBeLessThan(signals === 2 ? 2 : 10)
  }
  await Promise.all([end(1), end(2)])
}, 120_000)

test('SIGHUP opens the events file again and reads what it may; a wrong configuration changes nothing', async () => {
  const directory = scratchDirectory()
  const events = join(directory, 'events.jsonl')
  const [before, after] = ['kT4vQ9xLr2WmZ8sB1nHd', 'pY7cJ3gFe6UaX0oR5iNq']
  const config = (token: string, more: object = {}) => ({
    cameras: { door: { url: 'rtsp://127.0.0.1:1/', backoff: { firstMs: 200, maxMs: 400 } } },
    http: { port: 0, auth: { mode: 'on', tokens: [{ name: 'wall', scopes: ['read'], token }] } },
    state: { directory: null },
    sinks: { events },
    ...more,
  })
  const { run, file } = start(directory, config(before))
  const url = await urlOf(run)
  const status = async (token: string) =>
    (await fetch(`${url}/api/people`, { headers: { authorization: `Bearer ${token}` } })).status
  await run.until('an event', () => eventsIn(events).length > 0)
  expect([await status(before), await status(after)]).toEqual([200, 401])

  for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGPIPE'] as const) run.kill(signal)
  renameSync(events, `${events}.1`)
  writeFileSync(file, JSON.stringify(config(after, { log: { level: 'debug' }, batch: { window: 9 } })))
  run.kill('SIGHUP')
  await run.until('it is read', () => run.stderr().includes('"msg":"read again"'))
  expect(run.stderr()).toContain('"changed":["batch.window"]')
  expect(existsSync(events)).toBe(true)
  expect([await status(before), await status(after)]).toEqual([401, 200])
  expect(run.stderr()).not.toContain('Debugger listening')

  writeFileSync(file, 'cameras: [')
  run.kill('SIGHUP')
  await run.until('the error', () => /CONFIG_INVALID.*cannot be read again/.test(run.stderr()))
  expect(await status(after)).toBe(200)
  await run.until('events in the new file', () => eventsIn(events).length > 0)
  expect((await endOf(run)).code).toBe(0)
}, 180_000)

test('a live run whose cameras have ended says so and stays; one without a viewer ends', async () => {
  const directory = scratchDirectory()
  const clip = await firstFrames('cafe', 40, join(directory, 'cafe.mp4'))
  const { run } = start(directory, { cameras: { cafe: { url: clip } }, http: { port: 0 }, state: { directory: null } })
  const url = await urlOf(run)
  await run.until('it says so', () => run.stderr().includes('all cameras have ended'), 60_000)
  expect(await (await fetch(`${url}/api/cameras`)).json()).toMatchObject({
    cameras: [{ camera: 'cafe', state: 'ended' }],
  })
  expect((await endOf(run)).code).toBe(0)

  const alone = await runToEnd(['run', '--http', 'off', '--state', 'off', '--camera', `cafe=${clip}`, '--events', '-'])
  expect(alone.code).toBe(0)
}, 90_000)

test('recordings that are stopped before their end are not said to be read', async () => {
  const directory = scratchDirectory()
  const events = join(directory, 'events.jsonl')
  const loops = ['--camera', `cafe=${loopFile('cafe')}`, '--camera', `street=${loopFile('street')}`]
  const run = rollcall(['run', '--until-end', '--state', 'off', '--events', events, ...loops])
  onTestFinished(() => run.kill('SIGKILL'))
  await run.until('pictures', () => eventsIn(events).find(({ type }) => type === 'rollcall.frame.v1'))
  expect((await endOf(run)).code).toBe(1)
  expect(run.stderr()).toMatch(/"cameras":\["cafe","street"\].*stopped before these recordings were read/)
  expect(run.stderr()).not.toContain('the recordings are read')
}, 90_000)

test('a reader of stdout that goes ends the run in order', async () => {
  const directory = scratchDirectory()
  const clip = await firstFrames('cafe', 60, join(directory, 'cafe.mp4'))
  const main = join(import.meta.dirname, '../../src/main.ts')
  const command = `"${process.execPath}" "${main}" run --until-end --camera cafe="${clip}" --events - | head -n 2`
  const script = `set -o pipefail; ${command}; echo "code $?"`
  const said = execFileSync('bash', ['-c', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  const lines = said.trimEnd().split('\n')
  expect(lines).toHaveLength(3)
  for (const line of lines.slice(0, 2)) expect(JSON.parse(line)).toMatchObject({ specversion: '1.0' })
  expect(lines[2]).toBe('code 1')
}, 180_000)

test('a terminal that is closed ends the run in order', async () => {
  const directory = scratchDirectory()
  const events = join(directory, 'events.jsonl')
  const main = join(import.meta.dirname, '../../src/main.ts')
  const args = ['run', '--http', 'off', '--state', 'off', '--events', events, '--camera', 'door=rtsp://127.0.0.1:1/']
  // A session of its own on a terminal, which goes once there are events.
  const script = `
import os, pty, sys, threading, time
pid, terminal = pty.fork()
if pid == 0: os.execv(sys.argv[1], sys.argv[1:])
open_ = [True]
def read():
    try:
        while open_[0] and os.read(terminal, 4096): pass
    except OSError: pass
threading.Thread(target=read, daemon=True).start()
while not os.path.exists('${events}') or os.path.getsize('${events}') == 0: time.sleep(.05)
os.close(terminal)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
os._exit(0)
`
  const said = execFileSync('python3', ['-c', script, process.execPath, main, ...args], { encoding: 'utf8' })
  expect(said.trim()).toBe('0')
  expect(eventsIn(events).at(-1)?.type).toBe('rollcall.camera.ended.v1')
}, 180_000)
