import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'

/** A process of the site that is kept running, as Kubernetes keeps a pod. */
export interface Member {
  readonly name: string
  readonly pid: () => number
  readonly runs: () => boolean
  /** How often it was started. */
  readonly starts: () => number
  /** Starts it, and again whenever it ends, until `retire`. */
  employ(): void
  signal(signal: NodeJS.Signals): void
  /** SIGTERM; it is not started again. Resolves to its exit code. */
  retire(): Promise<number | null>
  /** SIGTERM; resolves to its exit code once it has ended, and it is started again. */
  restart(): Promise<number | null>
  /** The end of what it has logged. */
  readonly log: () => string
  close(): Promise<void>
}

/** How soon one that has ended is started again. */
const AGAIN_AFTER_MS = 500
const LOG_CHARS = 1500

/** Runs `node ARGS`; what it says goes to `logFile`. */
export const createMember = (name: string, args: readonly string[], logFile: string): Member => {
  let child: ChildProcess | null = null
  let isWanted = false
  let starts = 0
  let timer: NodeJS.Timeout | undefined
  const running = (): ChildProcess | null =>
    child !== null && child.exitCode === null && child.signalCode === null ? child : null
  const start = (): void => {
    starts++
    const log = openSync(logFile, 'a')
    const started = spawn(process.execPath, args, { stdio: ['ignore', log, log] })
    closeSync(log)
    child = started
    started.once('exit', () => {
      if (isWanted) timer = setTimeout(start, AGAIN_AFTER_MS)
    })
  }
  const kill = (): void => void running()?.kill('SIGKILL')
  process.once('exit', kill)
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    clearTimeout(timer)
    const own = running()
    if (own === null) return child?.exitCode ?? null
    own.kill(signal)
    // One that was stopped hears nothing.
    own.kill('SIGCONT')
    await once(own, 'exit')
    return own.exitCode
  }
  return {
    name,
    pid: () => running()?.pid ?? 0,
    runs: () => running() !== null,
    starts: () => starts,
    employ: () => {
      isWanted = true
      if (running() === null) start()
    },
    signal: (signal) => void running()?.kill(signal),
    retire: () => {
      isWanted = false
      return end('SIGTERM')
    },
    restart: () => end('SIGTERM'),
    log: () => readFileSync(logFile, 'utf8').slice(-LOG_CHARS),
    close: async () => {
      isWanted = false
      process.off('exit', kill)
      await end('SIGKILL')
    },
  }
}
