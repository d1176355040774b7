/**
 * What does Rollcall cost beyond the work that cannot be avoided? CPU per analysed frame of a whole vision process, over
 * the same decoding into a fakesink plus the same model runs in a bare loop, measured in turn in one go.
 *
 *   npm run bench -- overhead [--clip FILE] [--models DIR] [--rounds N]
 */
import { type ChildProcess, fork } from 'node:child_process'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { configSchema } from '../src/config/config.ts'
import type { FromVision } from '../src/ipc/messages.ts'
import { cpuMsOf } from './cpu-time.ts'

const shared = resolve(import.meta.dirname, '../../shared')

interface Work {
  readonly frames: number
  readonly embeddings: number
  readonly cpuMs: number
  readonly canvas: { readonly width: number; readonly height: number }
}

/** The detector's input for a picture that fits into 640 pixels a side and is never enlarged; multiples of 32. */
const canvasOf = (width: number, height: number) => {
  const scale = Math.min(1, 640 / Math.max(width, height))
  const padded = (side: number) => Math.ceil((side * scale) / 32) * 32
  return { width: padded(width), height: padded(height) }
}

const messages = <T>(child: ChildProcess, onMessage: (message: T) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    child.on('message', (message: T) => onMessage(message))
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${child.spawnargs[1]} ended with code ${code}`)),
    )
  })

/** From the first record to the last, so that loading models and starting Node do not count. */
export const wholeProcess = async (clip: string, models: string): Promise<Work> => {
  const config = configSchema.parse({
    cameras: { bench: { url: clip } },
    models: { directory: models, providers: ['cpu'] },
    log: { level: 'error' },
  })
  const child = fork(new URL('../src/worker/worker.ts', import.meta.url), { serialization: 'advanced' })
  let frames = -1
  let embeddings = 0
  let from = 0
  let to = 0
  let canvas = { width: 0, height: 0 }
  const done = messages<FromVision>(child, (message) => {
    if (message.type === 'fatal') console.error(message.message)
    if (message.type !== 'faces') return
    to = cpuMsOf(child.pid as number)
    canvas = canvasOf(message.faces.width, message.faces.height)
    if (frames++ === -1) from = to
    else embeddings += message.faces.faces.filter((face) => face.embedding).length
    child.send({ type: 'ack', camera: 'bench' })
  })
  child.send({ type: 'start', start: { config, cameras: ['bench'], name: 'bench', untilEnd: true } })
  await done
  return { frames, embeddings, cpuMs: to - from, canvas }
}

/** The same number of frames decoded and of model runs, and nothing else. */
const floor = async (clip: string, models: string, work: Work): Promise<{ decodeMs: number; inferMs: number }> => {
  const child = fork(new URL('./overhead-floor.ts', import.meta.url), { serialization: 'advanced' })
  let result = { decodeMs: 0, inferMs: 0 }
  const done = messages<typeof result>(child, (message) => {
    result = message
  })
  child.send({ clip, models, ...work })
  await done
  return result
}

export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      clip: { type: 'string', default: resolve(shared, 'clips/three-people.mp4') },
      models: { type: 'string', default: resolve(shared, 'models') },
      rounds: { type: 'string', default: '5' },
    },
  })
  const wholeMs: number[] = []
  const floorMs: number[] = []
  for (let round = 0; round < Number(values.rounds); round++) {
    const whole = await wholeProcess(values.clip, values.models)
    const { decodeMs, inferMs } = await floor(values.clip, values.models, whole)
    wholeMs.push(whole.cpuMs / whole.frames)
    floorMs.push((decodeMs + inferMs) / whole.frames)
    const per = (ms: number) => (ms / whole.frames).toFixed(2)
    console.error(
      `round ${round + 1}: ${whole.frames} frames, ${whole.embeddings} embeddings; CPU ms a frame: ` +
        `${per(whole.cpuMs)} whole, ${per(decodeMs)} decode, ${per(inferMs)} inference`,
    )
  }
  // Neighbours on the machine only ever add to CPU time (cold caches, a shared core), so the least of each is nearest to the truth.
  console.log(`overhead_ratio ${(Math.min(...wholeMs) / Math.min(...floorMs)).toFixed(3)}`)
}
