import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { shippedModels } from '../src/vision/options.ts'

/** A program that watches cameras and writes what it sees on stdout, line by line. Owned by whoever started it. */
export interface LiveProgram extends AsyncDisposable {
  readonly pid: number
  /** Throws what it has said on stderr when it has ended. */
  check(): void
}

/** Hands each line of stdout to `onLine`. */
export const startProgram = (command: string, args: readonly string[], onLine: (line: string) => void): LiveProgram => {
  const child: ChildProcess = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.once('error', ({ message }) => (said += message))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)))
  if (child.stdout) createInterface({ input: child.stdout }).on('line', onLine)
  const hasEnded = () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null
  return {
    pid: child.pid ?? 0,
    check: () => {
      if (hasEnded()) throw new Error(`${command} ${args[0]} ended: ${said}`)
    },
    [Symbol.asyncDispose]: async () => {
      if (hasEnded()) return
      child.kill('SIGTERM')
      await once(child, 'close')
    },
  }
}

/** What every camera of a run is configured with, besides its URL. */
export interface CameraKeys {
  readonly maxFps?: number
  readonly restFps?: number | null
  readonly steadyFps?: number | null
  readonly maxSleepMs?: number | null
  readonly wholeLookMs?: number | null
}

/** All of every frame is looked at. */
export const everyFrame: CameraKeys = { restFps: null, steadyFps: null, maxSleepMs: null, wholeLookMs: null }

/** The real program, as `bin/rollcall` starts it, with its events on stdout; its people go with it. */
export const startRollcall = (
  cameras: readonly (readonly [name: string, url: string])[],
  keys: CameraKeys,
  onLine: (line: string) => void,
): LiveProgram => {
  const home = mkdtempSync(join(tmpdir(), 'rollcall-bench-'))
  const file = join(home, 'rollcall.yaml')
  const config = {
    cameras: Object.fromEntries(cameras.map(([name, url]) => [name, { url, ...keys }])),
    models: { directory: shippedModels, providers: ['cpu'] },
    http: { port: null },
    state: { directory: join(home, 'state') },
    log: { level: 'error' },
  }
  writeFileSync(file, JSON.stringify(config))
  const main = resolve(import.meta.dirname, '../src/main.ts')
  const args = ['--max-semi-space-size=8', main, 'run', '--config', file, '--events', '-']
  const program = startProgram(process.execPath, args, onLine)
  return {
    ...program,
    [Symbol.asyncDispose]: async () => {
      await program[Symbol.asyncDispose]()
      rmSync(home, { recursive: true })
    },
  }
}
