import { existsSync, readdirSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type SimulatedCameras, startSimulatedCameras } from '../../simulator/simulated-cameras.ts'
import { configSchema } from '../config/config.ts'
import { createLog } from '../config/log.ts'
import { type Scene, scenesIn, video } from '../demo/footage.ts'
import { createScorer, type Scorer } from '../demo/score.ts'
import { RollcallError } from '../errors.ts'
import { type Run, startRun } from '../site/run.ts'
import { type Status, statusLine } from '../site/status.ts'
import type { TruthScore } from '../types.ts'
import { shippedModels } from '../vision/options.ts'
import { parse, parseListen } from './arguments.ts'
import { showToken } from './run.ts'
import { obeySignals } from './signals.ts'

const help = `rollcall demo [OPTIONS]

Simulated cameras send footage over real RTSP on loopback. The whole pipeline watches them, and the viewer shows it.

  --headless          ends by itself after some time and prints a summary
  --seconds N         how long --headless runs (default 30)
  --models DIR        directory with detector and embedder (default: models/)
  --clips DIR         directory of H.264 or H.265 videos, one for each camera, at most four (default: footage/)
  --http HOST:PORT    where the viewer is (default 127.0.0.1:8080, or any free port when that is taken)
  --log-level LEVEL   debug, info, warn (default), error or silent`

const shippedFootage = resolve(import.meta.dirname, '../../footage')
const MAX_CAMERAS = 4

/** Returns `directory` when it holds such files. Otherwise throws an error that says which option names another one. */
const directoryOf = (what: string, option: '--models' | '--clips', directory: string, files: RegExp): string => {
  if (existsSync(directory) && readdirSync(directory).some((file) => files.test(file))) return directory
  const code = option === '--models' ? 'MODEL_MISSING' : 'USAGE'
  throw new RollcallError(code, `no ${what} in ${relative(process.cwd(), directory) || '.'}`, {
    remedy: `name a directory with ${option} DIR`,
  })
}

const truthLine = ({ people, found, ids, idsPerPerson, switches }: TruthScore): string =>
  `truth: ${found} of ${people} people found, ${ids} IDs, ${idsPerPerson.toFixed(2)} a person, ${switches} switches`

const summary = (status: Status, seconds: number, scorer: Scorer | null): string =>
  [
    `Watched ${status.cameras.length} cameras for ${seconds.toFixed(0)} s:`,
    ...status.cameras.map(({ camera, state }) => {
      const frames = status.framesOf.get(camera) ?? 0
      return `  ${camera.padEnd(16)} ${state.padEnd(8)} ${(frames / seconds).toFixed(1)} frames/s`
    }),
    `  ${status.frames} frames, ${status.faces} faces, ${status.people} people, ${status.drops} drops`,
    ...(scorer
      ? [
          'Against the truth:',
          ...[...scorer.ids()].map(([person, ids]) => `  ${person.padEnd(16)} ${ids.join(' ') || 'not found'}`),
          `  ${truthLine(scorer.score())} (${scorer.score().faces} faces compared)`,
        ]
      : []),
  ].join('\n')

/** Scores against the truth; null when it is not known for every camera. */
const scorerFor = (scenes: readonly Scene[], { cameras }: SimulatedCameras): Scorer | null => {
  const watched = scenes.flatMap(({ name, truth }, i) => {
    const camera = cameras[i]?.camera
    return truth && camera ? [[name, { truth, shownAt: (unixMs: number) => camera.shownAt(unixMs) }] as const] : []
  })
  return watched.length === scenes.length ? createScorer(new Map(watched)) : null
}

/** Prints the status until `until` aborts: on a terminal in place once a second, elsewhere every five seconds. */
const showStatus = async (run: Run, scorer: Scorer | null, until: AbortSignal): Promise<void> => {
  const { isTTY } = process.stdout
  const everyMs = isTTY ? 1000 : 5000
  for (let before = run.status(); !until.aborted; ) {
    await sleep(everyMs, undefined, { signal: until }).catch(() => {})
    if (until.aborted) break
    const now = run.status()
    const line = [statusLine(before, now, everyMs / 1000), ...(scorer ? [truthLine(scorer.score())] : [])].join(' · ')
    process.stdout.write(isTTY ? `\r\x1b[2K${line}` : `${line}\n`)
    before = now
  }
  if (isTTY) process.stdout.write('\n')
}

/** Starts the run on the configured port, or on any free one when that is taken and the user did not ask for it. */
const startOnFreePort = async (
  config: Parameters<typeof startRun>[0],
  isAsked: boolean,
  options: Parameters<typeof startRun>[1],
) => {
  try {
    return await startRun(config, options)
  } catch (error) {
    if (isAsked || !(error instanceof RollcallError) || error.code !== 'HTTP_LISTEN') throw error
    return startRun({ ...config, http: { ...config.http, port: 0 } }, options)
  }
}

const demoOptions = {
  headless: { type: 'boolean', default: false },
  seconds: { type: 'string', default: '30' },
  models: { type: 'string' },
  clips: { type: 'string' },
  http: { type: 'string' },
  'log-level': { type: 'string', default: 'warn' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Says what was started, and from which footage. */
const introduce = ({ cameras }: SimulatedCameras, isShipped: boolean): void => {
  for (const { name, url, width, height, fps } of cameras) {
    console.log(`  ${name.padEnd(16)} ${url}  ${width}×${height}, ${fps.toFixed(0)} frames/s`)
  }
  if (!isShipped) return
  console.log('Everybody on these cameras is made up: rendered people in rendered places, so that the truth is known.')
  console.log('A real camera is one flag away: bin/rollcall run --camera door=rtsp://…')
}

/**
 * Shows the status until the run is over; stops it after `stopAfterMs` unless that is null. Resolves to the last
 * status.
 */
const follow = async (run: Run, scorer: Scorer | null, stopAfterMs: number | null): Promise<Status> => {
  const over = new AbortController()
  if (stopAfterMs !== null)
    void sleep(stopAfterMs, undefined, { signal: over.signal }).then(
      () => run.stop(),
      () => {},
    )
  const shown = showStatus(run, scorer, over.signal)
  // The status before the cameras are closed: afterwards all have ended.
  let last = run.status()
  const watch = setInterval(() => {
    const now = run.status()
    if (now.cameras.every(({ state }) => state !== 'ended')) last = now
  }, 250)
  await run.done.finally(() => {
    over.abort()
    clearInterval(watch)
  })
  await shown
  return last
}

/**
 * Runs a site on simulated cameras until it is interrupted, or for `--seconds` with `--headless`. Resolves to 1 when no frame was
 * analysed, else to 0. Throws USAGE, MODEL_MISSING, and what `startRun` throws.
 */
export const demo = async (args: readonly string[]): Promise<number> => {
  const options = parse('demo', args, demoOptions)
  if (options.help) {
    console.log(help)
    return 0
  }
  const seconds = Number(options.seconds)
  if (!(seconds > 0)) throw new RollcallError('USAGE', `--seconds ${options.seconds}: expected a number above 0`)
  const models = directoryOf('model (*.onnx)', '--models', options.models ?? shippedModels, /\.onnx$/)
  const clips = directoryOf('footage (*.mp4, *.mkv, *.mov)', '--clips', options.clips ?? shippedFootage, video)

  const scenes = await scenesIn(clips, MAX_CAMERAS)
  console.log(`Starting simulated cameras from ${relative(process.cwd(), clips) || '.'} …`)
  await using owned = new AsyncDisposableStack()
  const simulated = owned.adopt(await startSimulatedCameras(scenes), (cameras) => cameras.close())
  const scorer = scorerFor(scenes, simulated)
  introduce(simulated, clips === shippedFootage)
  const config = configSchema.parse({
    site: 'demo',
    cameras: Object.fromEntries(simulated.cameras.map(({ name, url }) => [name, { url }])),
    models: { directory: models },
    http: options.http === undefined ? {} : parseListen(options.http),
    log: { level: options['log-level'], format: 'text' },
  })
  const log = createLog(config.log, 'main')
  const startedAt = performance.now()
  const run = await startOnFreePort(config, options.http !== undefined, {
    untilEnd: false,
    log,
    showToken,
    ...(scorer && { scorer }),
  })
  const restore = obeySignals(run, { endWithinMs: 9500, reload: async () => undefined, log })
  if (run.url) console.log(`\nThe viewer: ${run.url}    Ctrl-C ends the demo.\n`)
  const last = await follow(run, scorer, options.headless ? seconds * 1000 : null)
  restore()
  console.log(summary(last, (performance.now() - startedAt) / 1000, scorer))
  return last.frames > 0 ? 0 : 1
}
