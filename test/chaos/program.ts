import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { childrenOf, type Held, heldBy, lives, sumOf } from './proc.ts'

/** What `/readyz` says; null when nobody answers within two seconds. */
export interface Readiness {
  readonly ready: boolean
  readonly reasons: readonly string[]
  readonly warnings: readonly string[]
}

/** The program under test, in a process of its own: started again and again with the same configuration. */
export interface Program {
  readonly url: string
  readonly pid: () => number
  /** Process IDs of the vision processes. */
  readonly vision: () => readonly number[]
  readonly runs: () => boolean
  /** Throws while it runs. */
  start(): void
  kill(signal: NodeJS.Signals): void
  /** Resolves to its exit code, null when a signal ended it. */
  ended(): Promise<number | null>
  readiness(): Promise<Readiness | null>
  /** Asks the API. Rejects for a status of 400 and above. */
  ask(method: string, path: string, body?: object): Promise<unknown>
  /** What it and its vision processes hold. */
  readonly held: () => { readonly main: Held; readonly vision: Held }
  /** What it has logged since it was started last. */
  readonly log: () => string
  /** Kills what runs. */
  close(): Promise<void>
}

const root = resolve(import.meta.dirname, '../..')

/** `directory` gets the log of each start. */
export const createProgram = (options: {
  readonly directory: string
  readonly config: string
  readonly port: number
  readonly env: Readonly<Record<string, string>>
}): Program => {
  const { directory, config, port } = options
  const url = `http://127.0.0.1:${port}`
  let child: ChildProcess | null = null
  let starts = 0
  const running = (): ChildProcess | null =>
    child !== null && child.exitCode === null && child.signalCode === null ? child : null
  const logFile = (): string => join(directory, `log-${starts}.jsonl`)
  const pid = (): number => running()?.pid ?? 0
  const vision = (): number[] => (pid() === 0 ? [] : childrenOf(pid(), 'worker/worker.ts').filter(lives))

  const killAll = (): void => {
    const all = [...vision(), pid()].filter((each) => each > 0)
    for (const each of all) process.kill(each, 'SIGKILL')
  }
  process.once('exit', killAll)

  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(url + path, {
      method,
      signal: AbortSignal.timeout(10_000),
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    const answer: unknown = await response.json()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`)
    return answer
  }

  return {
    url,
    pid,
    vision,
    runs: () => running() !== null,
    start: () => {
      if (running()) throw new Error('it runs already')
      starts++
      const log = openSync(logFile(), 'w')
      const env = { ...process.env, ...options.env }
      // The script becomes the program, under the same process ID.
      child = spawn(join(root, 'bin/rollcall'), ['run', '--config', config], { stdio: ['ignore', log, log], env })
      closeSync(log)
    },
    kill: (signal) => void running()?.kill(signal),
    ended: async () => {
      if (running()) await once(running() as ChildProcess, 'exit')
      return child?.exitCode ?? null
    },
    readiness: async () => {
      try {
        const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) })
        return (await response.json()) as Readiness
      } catch {
        return null
      }
    },
    ask,
    held: () => ({ main: heldBy(pid()), vision: sumOf(vision().map(heldBy)) }),
    log: () => readFileSync(logFile(), 'utf8'),
    close: async () => {
      process.off('exit', killAll)
      killAll()
      if (running()) await once(running() as ChildProcess, 'exit')
    },
  }
}
