import { type ChildProcess, fork, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RollcallEvent } from '../src/events/types.ts'
import type { TruthScore } from '../src/types.ts'
import { shippedModels } from '../src/vision/options.ts'
import type { FromCameras, ToCameras } from './overload-cameras.ts'

/** One analysed frame: when its event came, milliseconds from the start, and how old its capture was then. */
export interface Analysed {
  readonly camera: string
  readonly atMs: number
  readonly ageMs: number
}

/** Resident memory of one process, MiB. */
export interface Memory {
  readonly process: string
  readonly atMs: number
  readonly mib: number
}

/** What a run with so many cameras gave. */
export interface Load {
  readonly cameras: readonly string[]
  readonly frames: readonly Analysed[]
  readonly memory: readonly Memory[]
  /** How often each state was entered. */
  readonly states: ReadonlyMap<string, number>
  readonly score: TruthScore
}

const main = resolve(import.meta.dirname, '../src/main.ts')

const mibOf = (pid: number): number => {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
  return (pages * 4096) / 2 ** 20
}

/** Its process and those it has started: `main`, `vision-1`, … */
const processesOf = (pid: number): readonly (readonly [string, number])[] => {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).filter(Boolean)
  return [['main', pid], ...children.map((child, i) => [`child-${i + 1}`, Number(child)] as const)]
}

/** Sends a message, and waits for the answer of this type. */
const ask = <Type extends FromCameras['type']>(peer: ChildProcess, message: ToCameras, type: Type) =>
  new Promise<Extract<FromCameras, { type: Type }>>((done, reject) => {
    peer.once('exit', () => reject(new Error('the simulated cameras ended')))
    peer.on('message', (answer: FromCameras) => {
      if (answer.type === type) done(answer as Extract<FromCameras, { type: Type }>)
    })
    peer.send(message)
  })

/** Starts the real program with these cameras, its events on stdout. `home` is where it keeps people. */
const start = (urls: readonly (readonly [string, string])[], home: string, options: CameraKeys) => {
  const cameras = Object.fromEntries(urls.map(([name, url]) => [name, { url, ...options }]))
  const file = join(home, 'rollcall.yaml')
  writeFileSync(file, JSON.stringify({ cameras, models: { directory: shippedModels }, log: { level: 'error' } }))
  // As `bin/rollcall` starts it.
  return spawn(
    process.execPath,
    ['--max-semi-space-size=8', main, 'run', '--config', file, '--events', '-', '--http', 'off'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, XDG_STATE_HOME: home },
    },
  )
}

/** What every camera of a run is configured with, besides its URL. */
interface CameraKeys {
  readonly maxFps?: number
}

/** The real program watches `count` simulated cameras, which are a process of their own, for so many seconds. */
export const runLoad = async (count: number, seconds: number, options: CameraKeys = {}): Promise<Load> => {
  const peer = fork(new URL('./overload-cameras.ts', import.meta.url))
  const { cameras } = await ask(peer, { type: 'open', count }, 'opened')
  const home = mkdtempSync(join(tmpdir(), 'rollcall-bench-'))
  const urls = cameras.map(({ name, url }) => [name, url] as const)
  const child = start(urls, home, options)
  const exited = new Promise((done) => child.once('exit', done))
  const started = performance.now()
  const sinceStart = (): number => performance.now() - started
  const frames: Analysed[] = []
  const memory: Memory[] = []
  const states = new Map<string, number>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line) as RollcallEvent
    peer.send({ type: 'saw', event } satisfies ToCameras)
    if (event.type === 'rollcall.frame.v1') {
      const { camera, capturedAtMs } = event.data
      frames.push({ camera, atMs: sinceStart(), ageMs: Date.now() - capturedAtMs })
    }
    const [, state] = /^rollcall\.camera\.(\w+)\./.exec(event.type) ?? []
    if (state !== undefined) states.set(state, (states.get(state) ?? 0) + 1)
  })
  while (sinceStart() < seconds * 1000 && child.exitCode === null && child.pid !== undefined) {
    await sleep(1000)
    if (child.exitCode === null)
      for (const [name, pid] of processesOf(child.pid))
        memory.push({ process: name, atMs: sinceStart(), mib: mibOf(pid) })
  }
  const entered = new Map(states)
  child.kill('SIGTERM')
  await exited
  const { score } = await ask(peer, { type: 'score' }, 'scored')
  peer.disconnect()
  rmSync(home, { recursive: true, force: true })
  return { cameras: urls.map(([name]) => name), frames, memory, states: entered, score }
}
