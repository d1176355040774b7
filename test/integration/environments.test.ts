import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { beforeAll, describe, expect, test } from 'vitest'
import { childrenOf, takenBy } from '../chaos/proc.ts'
import { partOf } from '../support/footage.ts'
import { watchRestarts } from '../support/restarts.ts'

const root = resolve(import.meta.dirname, '../..')
const isRoot = process.getuid?.() === 0
const works = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0

/** A machine that is not as the developer's. */
interface Environment {
  readonly name: string
  /** What runs the program, and a directory that it may write to; nothing when left out. */
  readonly within?: (directory: string) => readonly string[]
  /** Variables that are added; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** False where it cannot be made. */
  readonly canBe: boolean
}

/** All but what is mounted at `directory` is read-only, for one process and its children. */
const readOnly = `mount -t tmpfs tmpfs "$0" && mount -o remount,bind,ro / && ! touch /rollcall-test 2>/dev/null && exec "$@"`

/** Each is odd in two ways that have nothing to do with each other: a start of the whole program costs seconds. */
const environments: readonly Environment[] = [
  {
    name: 'a user ID without a name and no HOME, in Turkish',
    within: () => ['setpriv', '--reuid', '54321', '--regid', '54321', '--clear-groups'],
    env: {
      HOME: undefined,
      XDG_STATE_HOME: undefined,
      USER: undefined,
      LOGNAME: undefined,
      LANG: 'tr_TR.UTF-8',
      LC_ALL: 'tr_TR.UTF-8',
      LANGUAGE: 'tr',
    },
    canBe: isRoot && works('setpriv', '--reuid', '54321', '--clear-groups', 'true'),
  },
  {
    name: 'a root that is read-only, in a time zone of 45 minutes',
    within: (directory) => ['unshare', '-m', 'bash', '-c', readOnly, directory],
    env: { TZ: 'Asia/Kathmandu' },
    // Mounted over a directory that is there everywhere, and for this one process only.
    canBe: isRoot && works('unshare', '-m', 'bash', '-c', readOnly, '/mnt', 'true'),
  },
  {
    name: 'one core, no language, and a time zone that does not exist',
    within: () => (works('taskset', '-c', '0', 'true') ? ['taskset', '-c', '0'] : []),
    env: { LANG: undefined, LC_ALL: 'C', LANGUAGE: undefined, TZ: ':bogus' },
    canBe: true,
  },
]

const notTried = environments.filter(({ canBe }) => !canBe).map(({ name }) => name)
if (notTried.length > 0) console.warn(`\nSKIPPED: cannot be made here: ${notTried.join(', ')}\n`)

let directory = ''
let recording = ''
/** Two seconds of the café, in which two people get an ID. */
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rollcall-environments-'))
  chmodSync(directory, 0o777)
  recording = await partOf('cafe', 14, 16, join(directory, 'cafe.mp4'))
  return () => rmSync(directory, { recursive: true, force: true })
})

/** The whole program in that environment, to the end of a recording, with its people on disk. `look` is called often while it runs. */
const run = async ({ name, within, env }: Omit<Environment, 'canBe'>, look?: (pid: number) => void) => {
  const place = join(directory, name.replaceAll(/\W/g, '-'))
  mkdirSync(place)
  chmodSync(place, 0o777)
  const options = ['--camera', `cafe=${recording}`, '--state', join(place, 'state'), '--events', '-']
  const program = [process.execPath, 'src/main.ts', 'run', '--until-end', '--log-level', 'warn', ...options]
  const [command = '', ...args] = [...(within?.(place) ?? []), ...program]
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  const timer = look && setInterval(() => look(child.pid ?? 0), 50)
  const [events, said] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  clearInterval(timer)
  watchRestarts(() => said)
  return { code: child.exitCode, events, said }
}

describe('wherever it runs it says the same, and complains of nothing', () => {
  let usual: Awaited<ReturnType<typeof run>>
  let mostMiB = 0
  beforeAll(async () => {
    usual = await run({ name: 'as usual' }, (pid) => {
      mostMiB = Math.max(mostMiB, takenBy([pid, ...childrenOf(pid, 'worker')]))
    })
    expect(usual.code, usual.said).toBe(0)
    expect(usual.events).toContain('rollcall.person.created.v1')
  })
  /** A limit of 512 MiB needs a control group of one's own; what is taken can be measured without. */
  test.skipIf(!existsSync('/proc/self/smaps_rollup'))('one vision process and the rest take less than 512 MiB', () => {
    expect(mostMiB).toBeGreaterThan(150)
    expect(mostMiB).toBeLessThan(512)
  })
  for (const environment of environments)
    test.skipIf(!environment.canBe)(environment.name, async () => {
      const { code, events, said } = await run(environment)
      expect({ code, said }).toEqual({ code: 0, said: usual.said })
      expect(events === usual.events, 'the events are the same').toBe(true)
    })
})
