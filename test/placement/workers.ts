import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { eventually } from '../support/eventually.ts'

/** What a worker says of a camera. */
interface Line {
  readonly what: 'open' | 'close' | 'ready'
  readonly camera: string
  readonly epoch: number
  readonly password: string | null
  readonly atMs: number
}

/** A camera from its opening in one worker to its end there. */
interface Stay {
  readonly worker: string
  readonly camera: string
  readonly epoch: number
  readonly fromMs: number
  untilMs: number
}

/** Workers in processes of their own, and everything that happened to their cameras. */
export interface Workers {
  readonly start: (name: string, capacity?: number, ...unreached: string[]) => Promise<void>
  readonly signal: (name: string, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT') => void
  /** SIGTERM; resolves when the process has ended. */
  readonly end: (name: string) => Promise<void>
  /** How many cameras each has, by name. */
  readonly counts: () => Readonly<Record<string, number>>
  readonly has: (name: string) => readonly string[]
  /** How often a camera was opened. */
  readonly opened: () => number
  readonly lines: (name: string) => readonly Line[]
  /** Stays of one camera that overlap. */
  readonly overlaps: () => readonly string[]
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

/**
 * None yet. One that is silent for `sessionMs` is out of the group, and its cameras go to others: long where nobody is killed,
 * because on a busy machine a process may stand still for seconds.
 */
export const startWorkers = (brokers: string, site: string, sessionMs = 6000): Workers => {
  const children = new Map<string, ChildProcess>()
  const lines = new Map<string, Line[]>()
  const stays: Stay[] = []
  const current = (worker: string): Stay[] =>
    stays.filter((stay) => stay.worker === worker && stay.untilMs === Number.POSITIVE_INFINITY)
  const endAll = (worker: string): void => {
    for (const stay of current(worker)) stay.untilMs = performance.timeOrigin + performance.now()
  }
  const take = (worker: string, line: Line): void => {
    lines.get(worker)?.push(line)
    const { camera, epoch, atMs } = line
    if (line.what === 'open') stays.push({ worker, camera, epoch, fromMs: atMs, untilMs: Number.POSITIVE_INFINITY })
    for (const stay of line.what === 'close' ? current(worker) : []) if (stay.camera === camera) stay.untilMs = atMs
  }
  return {
    start: async (name, capacity = 1, ...unreached) => {
      const program = join(import.meta.dirname, 'worker.ts')
      const args = [program, brokers, site, String(sessionMs), name, String(capacity), ...unreached]
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
      children.set(name, child)
      lines.set(name, [])
      createInterface({ input: child.stdout }).on('line', (line) => take(name, JSON.parse(line)))
      await eventually(() => {
        if (!lines.get(name)?.some(({ what }) => what === 'ready')) throw new Error(`${name} is not ready`)
      })
    },
    signal: (name, signal) => {
      children.get(name)?.kill(signal)
      // One that is stopped does nothing with its cameras; what it does when it wakes it says.
      if (signal !== 'SIGCONT') endAll(name)
    },
    end: async (name) => {
      const child = children.get(name)
      child?.kill('SIGTERM')
      if (child) await once(child, 'exit')
    },
    counts: () =>
      Object.fromEntries(
        [...children.keys()].map((name) => [name, current(name).length]).filter(([, count]) => count !== 0),
      ),
    has: (name) => current(name).map(({ camera }) => camera),
    opened: () => stays.length,
    lines: (name) => lines.get(name) ?? [],
    overlaps: () =>
      stays.flatMap((a, i) =>
        stays.slice(i + 1).flatMap((b) => {
          const isSame = a.camera === b.camera && a.fromMs < b.untilMs && b.fromMs < a.untilMs
          return isSame ? [`${a.camera}: ${a.worker} until ${a.untilMs}, ${b.worker} from ${b.fromMs}`] : []
        }),
      ),
    [Symbol.asyncDispose]: async () => {
      const running = [...children.values()].filter(
        ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
      )
      const ended = running.map((child) => once(child, 'exit'))
      for (const child of running) child.kill('SIGKILL')
      await Promise.all(ended)
    },
  }
}
