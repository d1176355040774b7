import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { RollcallEvent } from '../../src/events/types.ts'
import { type Restarts, watchRestarts } from '../support/restarts.ts'

const main = join(import.meta.dirname, '../../src/main.ts')

export interface Rollcall {
  readonly pid: number
  readonly events: readonly RollcallEvent[]
  /** Lines of stdout as they were. */
  readonly lines: readonly string[]
  readonly stderr: () => string
  /** Of its vision processes and cameras: none is expected. */
  readonly restarts: Restarts
  /** Process IDs of the vision processes, or whatever else its children are. */
  vision(): number[]
  /** Resolves with what `found` gives once it gives something; rejects when it does not in time, or the program ends. */
  until<T>(what: string, found: () => T | undefined | false, withinMs?: number): Promise<T>
  kill(signal: NodeJS.Signals): void
  readonly exited: Promise<number | null>
}

/** The real program in a process of its own, its events read from stdout. `within` is a command that runs it. */
export const rollcall = (
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  within: readonly string[] = [],
): Rollcall => {
  // Where it keeps people unless told otherwise.
  const home = mkdtempSync(join(tmpdir(), 'rollcall-home-'))
  const [command, ...words] = [...within, process.execPath, main, ...args] as [string, ...string[]]
  const child = spawn(command, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, XDG_STATE_HOME: home, ...env },
  })
  const lines: string[] = []
  const events: RollcallEvent[] = []
  let stderr = ''
  let hasExited = false
  const output = createInterface({ input: child.stdout })
  output.on('line', (line) => {
    lines.push(line)
    if (line.startsWith('{')) events.push(JSON.parse(line) as RollcallEvent)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      hasExited = true
      rmSync(home, { recursive: true, force: true })
      resolve(code)
    })
  })
  const children = `/proc/${child.pid}/task/${child.pid}/children`
  return {
    pid: child.pid ?? 0,
    events,
    lines,
    stderr: () => stderr,
    restarts: watchRestarts(() => stderr),
    vision: () => readFileSync(children, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number),
    until: async (what, found, withinMs = 60_000) => {
      const deadline = performance.now() + withinMs
      for (;;) {
        const result = found()
        if (result !== undefined && result !== false) return result
        if (hasExited || performance.now() > deadline) {
          throw new Error(
            `${what}: ${hasExited ? 'the program ended' : `not within ${withinMs} ms`}\n${stderr.slice(-3000)}`,
          )
        }
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    kill: (signal) => void child.kill(signal),
    exited,
  }
}

/** Runs it to its end. */
export const runToEnd = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const run = rollcall(args, env)
  const code = await run.exited
  return { code, stdout: run.lines.join('\n'), events: run.events, stderr: run.stderr() }
}
