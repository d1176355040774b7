import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { commandLine } from '../../src/command-line.ts'
import { configure } from '../../src/commands/arguments.ts'
import { describeError, type RollcallError } from '../../src/errors.ts'

const root = resolve(import.meta.dirname, '../..')
const directory = mkdtempSync(join(tmpdir(), 'rollcall-'))

/** Runs the whole program in an empty directory. */
const rollcall = (args: readonly string[], env: Record<string, string | undefined> = {}) =>
  new Promise<{ code: number; out: string; err: string }>((done) => {
    const options = { cwd: directory, env: { ...process.env, ...env }, timeout: 30_000 }
    execFile(process.execPath, [join(root, 'src/main.ts'), ...args], options, (error, out, err) => {
      done({ code: error === null ? 0 : Number(error.code ?? -1), out, err })
    })
  })

/** Runs the command line in this process. */
const call = async (args: readonly string[]): Promise<{ code: number; out: string }> => {
  const lines: string[] = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0)
  const code = await commandLine(args)
  return { code, out: lines.join('\n') }
}
const failure = (args: readonly string[]): Promise<RollcallError> =>
  commandLine(args).then(
    () => expect.unreachable(),
    (error) => error,
  )
afterEach(() => {
  vi.restoreAllMocks()
})

const commands = [
  'run',
  'demo',
  'people',
  'rules',
  'config',
  'models',
  'eval',
  'events',
  'doctor',
  'simulate',
  'backup',
  'restore',
  'service',
  'forget',
  'privacy',
  'import',
]

test('the program prints the version of the package, and exits with 2 after a mistake', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  expect(await rollcall(['--version'])).toEqual({ code: 0, out: `rollcall ${version}\n`, err: '' })
  const err = 'rollcall: USAGE: there is no command "rnu"; did you mean run? — see rollcall --help\n'
  expect(await rollcall(['rnu'])).toEqual({ code: 2, out: '', err })
})

test('without a command the commands are listed, and that is a mistake', async () => {
  const { code, out } = await call([])
  expect(code).toBe(2)
  for (const command of commands) expect(out).toMatch(new RegExp(`^ {2}${command} `, 'm'))
  expect((await call(['--help'])).code).toBe(0)
})

test.each(commands)('rollcall %s --help explains its options, as rollcall help does', async (command) => {
  const help = await call([command, '--help'])
  expect(help).toEqual({ code: 0, out: expect.stringMatching(`^rollcall ${command}`) })
  expect(await call(['help', command])).toEqual(help)
})

describe('a mistake is told with what was meant, and repeats no password', () => {
  const secret = 'rtsp://viewer:hunter2@192.0.2.1/1?x=y'
  test.each([
    [['rnu'], 'there is no command "rnu"; did you mean run?'],
    [['constructor'], 'there is no command "constructor"; there are run, demo'],
    [[secret], 'there is no command "rtsp://***@192.0.2.1/1?x=y"'],
    [['run'], 'there is no camera'],
    [['run', '--cmaera', 'a=b'], 'there is no option --cmaera; did you mean --camera?'],
    [['run', '-x'], 'there is no option -x'],
    [['run', '--camera'], '--camera: its value is missing'],
    [
      ['run', secret],
      '"rtsp://***@192.0.2.1/1?x=y" stands alone; expected options only — Name a camera with --camera NAME=URL.',
    ],
    [['run', 'viewer:hunter2@camera'], '"***@camera" stands alone'],
    [['run', '--camera', secret], '--camera rtsp://***@192.0.2.1/1?x=y: expected NAME=URL'],
    [['run', '--camera', '192.0.2.1'], '--camera 192.0.2.1: expected NAME=URL'],
    [['run', '--camera', 'a=192.0.2.1'], 'an address without a protocol'],
    [['run', '--camera', 'a=viewer:hunter2@192.0.2.1/1'], 'an address without a protocol'],
    [['run', '--camera', 'a=rtsp://viewer:8554/hunter2@192.0.2.1/1'], 'not clear where the password ends'],
    [['run', '--camera', 'front door=x.mp4'], 'such as front-door'],
    [['run', '--camera', '__proto__=x.mp4'], 'expected another name'],
    [['run', '--camera', 'a=x.mp4', '--camera', 'a=y.mp4'], '--camera a is there twice'],
    [['run', '--http', 'viewer:hunter2@host'], '--http ***@host: expected HOST:PORT'],
    [['eval', 'trakcing'], 'did you mean tracking?'],
    [['eval', 'tracking', '--jsno'], 'did you mean --json?'],
    [['eval', 'identities', '--level', 'hard'], '--photos is missing'],
    [
      ['eval', 'identities', '--level', 'hard', '--stream', 'a', '--photos', 'b'],
      'one of --level, --stream and --photos',
    ],
    [['eval', 'identities', '--learn', 'much'], '--learn: expected a number from -1 to 1, found "much"'],
    [['eval', 'identities', '--people', '150'], '--people: only the hard level draws people'],
    [
      ['eval', 'identities', '--level', 'hard', '--photos', 'no', '--people', '1'],
      '--people: expected 2 or more, found 1',
    ],
    [['eval', 'identities', '--photos', 'no', '--grey', '0.5'], '--grey: only the hard level spoils photos'],
    [
      ['eval', 'identities', '--level', 'hard', '--photos', 'no', '--poor', '33'],
      '--poor: expected a number from 0 to 1, found "33"',
    ],
    [['eval', 'identities', '--half', 'A'], '--half: only the hard level divides people'],
    [['eval', 'identities', '--level', 'hard', '--photos', 'no', '--half', 'C'], 'there is no half "C"'],
    [['eval', 'identities', '--level', 'hrad'], '--level: expected easier, harder or hard, found "hrad"'],
    [['people', 'lsit'], 'did you mean list?'],
    [['people', 'list', '--stat', 'x'], 'did you mean --state?'],
    [['models', 'pul'], 'did you mean pull?'],
    [['events', 'tial'], 'did you mean tail?'],
    [['events', 'tail', '--url', 'viewer:hunter2@host'], '--url ***@host: expected http://'],
    [['doctor', 'now'], 'there is no camera "now"'],
  ] as const)('rollcall %j', async (args, message) => {
    const error = await failure(args)
    expect(describeError(error)).toContain(message)
    expect(error.code).toBe('USAGE')
    expect(describeError(error)).not.toContain('hunter2')
  })
})

test('each mistake of a configuration has a line of its own', async () => {
  writeFileSync(join(directory, 'site.yaml'), 'lgo: {}\nhttp: { port: nine, auth: { tokens: [{ scopes: [raed] }] } }\n')
  const { code, err } = await rollcall(['run', '--config', 'site.yaml'])
  expect([code, err.split('\n').slice(0, 4)]).toEqual([
    1,
    [
      'rollcall: CONFIG_INVALID:',
      '  site.yaml:1:1 lgo: unknown key; did you mean log?',
      '  site.yaml:2:15 http.port: expected a number, found nine',
      '  site.yaml:2:38 http.auth.tokens.0.name: expected text, found nothing',
    ],
  ])
  expect(err).toContain('expected one of read, operate, biometric, found raed; did you mean read?')
  expect(err).toMatch(/\n {2}→ see rollcall\.example\.yaml[^\n]*\n$/)
})

test('a recording opens no port of the configuration, which may be that of the Rollcall that runs', () => {
  const config = join(directory, 'recording.yaml')
  writeFileSync(config, 'http: { port: 9090 }\n')
  const port = (overrides: object, httpIsOff: boolean) =>
    configure({ config, ...overrides }, {}, { httpIsOff }).http.port
  expect([port({}, false), port({}, true), port({ http: '127.0.0.1:7070' }, true)]).toEqual([9090, null, 7070])
})

describe('what is not there', () => {
  test.each([
    [['run', '--config', 'nowhere.yaml'], 'nowhere.yaml: there is no such file'],
    [
      ['run', '--camera', 'a=no.mp4', '--camera', 'b=.', '--state', 'off'],
      `cameras.a: there is no file ${process.cwd()}/no.mp4; cameras.b: ${process.cwd()} is a directory`,
    ],
    [['run', '--camera', 'a=no.mp4', '--until-end'], 'there is no file'],
  ] as const)('rollcall %j', async (args, message) => {
    expect(describeError(await failure(args))).toContain(message)
  })
})

test.skipIf(process.getuid?.() !== 0)('a user without an entry and HOME is told what to name', async () => {
  const clip = join(root, 'footage/gate.mp4')
  const { code, err } = await new Promise<{ code: number; err: string }>((done) => {
    const env = { ...process.env, HOME: undefined, XDG_STATE_HOME: undefined }
    const args = [join(root, 'src/main.ts'), 'run', '--http', 'off', '--camera', `a=${clip}`]
    execFile(
      'setpriv',
      ['--reuid=54321', '--regid=0', '--clear-groups', process.execPath, ...args],
      { env },
      (error, _, text) => done({ code: Number(error?.code ?? 0), err: text }),
    )
  })
  expect(code).toBe(1)
  expect(err).toContain(
    'state.directory: no place for people is named, and the user with the ID 54321 has no home directory',
  )
  expect(err).toContain('--state DIR')
})

describe('stdout that cannot be written', () => {
  const program = join(root, 'src/main.ts')
  const runInto = (command: string) => {
    const script = `exec "${process.execPath}" "${program}" ${command}`
    const { status, stderr } = spawnSync('bash', ['-c', `set -o pipefail; ${script}`], { encoding: 'utf8' })
    return { status, stderr }
  }
  test.each(['config', '--help', '--version'])('%s on a full disk says that it is cut, with code 1', (command) => {
    expect(runInto(`${command} > /dev/full`)).toEqual({
      status: 1,
      stderr: 'rollcall: stdout: ENOSPC: no space left on device, write: what was printed is not complete\n',
    })
  })

  test('a reader who has gone is no failure', () => {
    expect(runInto('config > >(true)')).toEqual({ status: 0, stderr: '' })
  })
})
