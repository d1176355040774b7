import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { tellSystemd } from '../../src/commands/service/notify.ts'
import { unitText } from '../../src/commands/service/unit.ts'
import { lastWords, service } from '../../src/commands/service.ts'
import { createHealth, visionPatienceMs } from '../../src/site/health.ts'
import { temporaryDirectory } from '../identity/store/states.ts'
import { rollcall } from '../integration/rollcall.ts'
import { silent } from '../site/site.ts'
import { eventually } from '../support/eventually.ts'
import { calling } from './called.ts'

const called = calling(service)
const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined

/** What comes over a socket as systemd has one. Node cannot listen on such a socket. */
const listener = async () => {
  const socket = join(temporaryDirectory(), 'notify')
  const program = `import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(${JSON.stringify(socket)})
print("bound", flush=True)
while True: print(s.recv(4096).decode().replace("\\n", " "), flush=True)`
  const child = spawn('python3', ['-c', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill())
  const told: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => told.push(line))
  await eventually(() => expect(told).toContain('bound'))
  return { socket, told, count: (what: string) => told.filter((line) => line.includes(what)).length }
}

const printed = async (): Promise<string> => (await called('install', '--print')).stdout

test.skipIf(!has('systemd-analyze'))('the unit is one that systemd takes, and well shut off', async () => {
  const file = join(temporaryDirectory(), 'rollcall.service')
  writeFileSync(file, `${await printed()}\n`)
  const verified = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' })
  expect(verified.stderr.split('\n').filter((line) => line.includes('rollcall.service'))).toEqual([])
  expect(verified.status).toBe(0)
  const exposure = spawnSync('systemd-analyze', ['security', '--offline=true', '--threshold=45', file])
  expect(exposure.status, 'of 100, where 0 is shut off').toBe(0)
})

test('paths with odd characters mean themselves', () => {
  const text = unitText({
    program: '/opt/a b/roll"call',
    config: '/home/x/50%$c.yaml',
    stateName: 'rollcall',
    user: 'rollcall',
  })
  expect(text).toContain(
    'ExecStart="/opt/a b/roll\\"call" run --config "/home/x/50%%$$c.yaml" --state "/var/lib/rollcall"\n',
  )
  expect(text).toContain('ProtectHome=read-only')
})

test('a service that does not start is told of by its last error, not by what systemd says', () => {
  const words = (...log: readonly string[]): string => lastWords(log.join('\n'), new Error('Command failed: systemctl'))
  const invalid = 'rollcall: CONFIG_INVALID: /etc/rollcall/rollcall.yaml:24:15 the variable CAM_PASSWORD is not set'
  expect(words(invalid, '')).toBe(invalid.slice('rollcall: '.length))
  expect(words('rollcall: STATE: older', 'rollcall: CONFIG_INVALID:', '  one', '  → do this', '{"msg":"x"}')).toBe(
    'CONFIG_INVALID: one → do this',
  )
  expect(words('')).toBe('Command failed: systemctl')
})

test('a directory is no configuration', async () => {
  const root = temporaryDirectory()
  mkdirSync(join(root, 'etc/rollcall'), { recursive: true })
  const { code, stderr } = await called('install', '--root', root, '--config', '/etc/rollcall')
  expect(code).toBe(2)
  expect(stderr).toMatch(/USAGE: --config: \/etc\/rollcall is a directory.*--config \/etc\/rollcall\/rollcall\.yaml/)
  expect(existsSync(join(root, 'etc/sysusers.d'))).toBe(false)
})

test.skipIf(!has('systemd-sysusers') || !has('systemctl') || process.getuid?.() !== 0)(
  'is installed into an image, and removed from it',
  async () => {
    const root = temporaryDirectory()
    const at = (path: string): string => join(root, path)
    expect(await called('install', '--root', root)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no /etc/rollcall'),
    })
    for (const directory of ['etc/rollcall', 'usr/lib']) mkdirSync(at(directory), { recursive: true })
    writeFileSync(at('etc/rollcall/rollcall.yaml'), 'cameras: {}\n')
    expect(await called('install', '--root', root)).toMatchObject({ code: 0, stderr: '' })
    expect(readFileSync(at('etc/passwd'), 'utf8')).toMatch(/^rollcall:.*:\/var\/lib\/rollcall:\S*nologin$/m)
    expect(readFileSync(at('etc/group'), 'utf8')).toMatch(/^video:.*rollcall$/m)
    expect(readFileSync(at('etc/systemd/system/rollcall.service'), 'utf8')).toBe(`${await printed()}\n`)
    const enabled = () =>
      spawnSync('systemctl', [`--root=${root}`, 'is-enabled', 'rollcall'], { encoding: 'utf8' }).stdout.trim()
    expect(enabled()).toBe('enabled')
    expect(await called('uninstall', '--root', root)).toMatchObject({ code: 0 })
    expect(existsSync(at('etc/systemd/system/rollcall.service'))).toBe(false)
    expect(existsSync(at('etc/systemd/system/multi-user.target.wants/rollcall.service'))).toBe(false)
    expect(await called('uninstall', '--root', root)).toMatchObject({ code: 2 })
  },
)

test('a site is alive as long as its server answers, its people can be read, and vision works', async () => {
  const server = createServer((_, response) => response.writeHead(status).end()).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  let [status, nowMs, fails] = [200, 0, false]
  let vision: { ready: boolean; reasons: string[] } = { ready: false, reasons: ['vision-1 is loading its models'] }
  const health = createHealth({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    read: () => {
      if (fails) throw new Error('the disk is gone')
    },
    vision: () => vision,
    elapsedMs: () => nowMs,
  })
  nowMs = visionPatienceMs
  expect(await health()).toBeNull()
  nowMs++
  expect(await health()).toBe('vision-1 is loading its models')
  vision = { ready: true, reasons: [] }
  expect(await health()).toBeNull()
  status = 500
  expect(await health()).toBe('the own server answers 500')
  fails = true
  expect(await health()).toBe('the disk is gone')
  fails = false
  server.close()
  server.closeAllConnections()
  expect(await health()).toMatch(/the own server does not answer: .*ECONNREFUSED/)
})

test.skipIf(!has('systemd-notify') || !has('python3'))(
  'systemd hears nothing more of a site that is not well',
  async () => {
    const { socket, told, count } = await listener()
    let wrong: string | null = null
    const env = { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '150000' }
    const notifier = tellSystemd({ env, health: async () => wrong, log: silent })
    await eventually(() => expect(count('WATCHDOG=1')).toBeGreaterThan(1))
    expect(told[1]).toContain('READY=1')
    wrong = 'the database cannot be read'
    await eventually(() => expect(count(`STATUS=${wrong}`)).toBeGreaterThan(1))
    const beats = count('WATCHDOG=1')
    await eventually(() => expect(count(`STATUS=${wrong}`)).toBeGreaterThan(4))
    expect(count('WATCHDOG=1')).toBe(beats)
    notifier.stopping()
    await eventually(() => expect(count('STOPPING=1')).toBe(1))
  },
)

test.skipIf(!has('systemd-notify') || !has('python3'))(
  'the program says when it is ready, that it lives, and that it ends',
  async () => {
    const { socket, count } = await listener()
    const config = join(temporaryDirectory(), 'rollcall.yaml')
    // Without a camera there is no vision process, which takes seconds to load its models.
    writeFileSync(config, 'cameras: {}\nhttp: { port: 0 }\n')
    const args = ['run', '--state', temporaryDirectory(), '--config', config]
    const site = rollcall(args, { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '600000' })
    await site.until('it lives', () => count('WATCHDOG=1') > 0, 60_000)
    expect(count('READY=1')).toBe(1)
    site.kill('SIGTERM')
    expect(await site.exited).toBe(0)
    await eventually(() => expect(count('STOPPING=1')).toBe(1))
  },
)
