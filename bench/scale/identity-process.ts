import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

/** `rollcall identity` as a program, and when its frame events arrive here. */
export interface IdentityProcess {
  readonly pid: number
  /** Frame events so far. */
  readonly frames: () => number
  /** Ages of the frame events since the last call, ms: from when the face was sent to when its event was read. */
  takeAges(): readonly number[]
  /** Resolves when there are so many frame events in all. */
  until(frames: number): Promise<void>
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts it. What it logs as warnings goes to this process's stderr. */
export const startIdentity = (config: string): IdentityProcess => {
  const main = resolve(join(import.meta.dirname, '../../src/main.ts'))
  const args = ['--max-semi-space-size=8', main, 'identity', '--config', config, '--events', '-']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  running.add(child)
  const exited = once(child, 'exit').then(() => running.delete(child))
  let frames = 0
  let ages: number[] = []
  let awaited: { readonly frames: number; readonly resolve: () => void } | null = null
  createInterface({ input: child.stdout }).on('line', (line) => {
    const captured = /"type":"rollcall\.frame\.v1".*"capturedAtMs":(\d+)/.exec(line)
    if (captured === null) return
    frames++
    ages.push(performance.timeOrigin + performance.now() - Number(captured[1]))
    if (awaited === null || frames < awaited.frames) return
    awaited.resolve()
    awaited = null
  })
  return {
    pid: child.pid ?? 0,
    frames: () => frames,
    takeAges: () => {
      const taken = ages
      ages = []
      return taken
    },
    until: async (wanted) => {
      if (frames >= wanted) return
      const arrived = new Promise<void>((resolveIt) => {
        awaited = { frames: wanted, resolve: resolveIt }
      })
      const gone = exited.then(() => {
        throw new Error('rollcall identity has ended')
      })
      await Promise.race([arrived, gone])
    },
    end: async (signal) => {
      child.kill(signal)
      await exited
    },
  }
}
