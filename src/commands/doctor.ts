import { availableParallelism, totalmem } from 'node:os'
import { type Config, defaultConfig } from '../config/config.ts'
import { RollcallError } from '../errors.ts'
import { shownUrl } from '../ingest/camera-url.ts'
import { detailOptions } from '../ingest/detail/open-detail.ts'
import type { CameraOptions } from '../ingest/options.ts'
import { stateDirectoryOf } from '../site/state-directory.ts'
import { printable } from '../text.ts'
import { configure, overrideOptions, parseWords, secondsOf } from './arguments.ts'
import { checkCamera } from './doctor/camera.ts'
import { checkClock, checkOrigin } from './doctor/clock.ts'
import { type Check, type Finding, runChecks, type Verdict } from './doctor/finding.ts'
import { checkGstreamer } from './doctor/gstreamer.ts'
import { checkAccess, checkCertificates, checkPort } from './doctor/http.ts'
import { checkKafka } from './doctor/kafka.ts'
import { checkModels } from './doctor/models.ts'
import { checkMqtt } from './doctor/mqtt.ts'
import { watchOneCamera } from './doctor/one-camera.ts'
import { checkSeam } from './doctor/seam.ts'
import { checkState } from './doctor/state.ts'
import { checkTraces } from './doctor/traces.ts'
import { checkWebhooks } from './doctor/webhooks.ts'

const help = `rollcall doctor [--config FILE] [--camera NAME=URL] [--models DIR] [--state DIR] [--http HOST:PORT] [--json]
rollcall doctor CAMERA [--seconds N] [--config FILE] [--json]

Checks what Rollcall needs here: GStreamer, models and GPU libraries, the state directory and its space, the clock, the
port, tokens, certificates, origins, Kafka (sinks and seam), MQTT, webhooks and the collector of traces. Opens each camera,
logs in, and says what it sends. Changes nothing. Says what to do about what is missing.

With CAMERA (a URL, the path of a file, or the name of a camera in the configuration) it watches that one only: codec,
frame rate, key frames, bit rate, clock, loss, tracks, login, what decoding costs here, what to change in the camera's
menu, and the block for the configuration.

  --seconds N   how long a CAMERA is watched (default 10)
  --json        the findings as one JSON object

The login of a CAMERA that has none comes from ROLLCALL_CAMERA_USER and ROLLCALL_CAMERA_PASSWORD.
Exit code 1 when something is wrong that Rollcall needs.`

/** Cameras that are opened at the same time. */
const atOnce = 8
const originTimeoutMs = 5000
/** Longer than any camera may take to answer. */
const patienceMs = 30_000
/** Of a camera that is watched. */
const mostSeconds = 3600

type Env = Readonly<Record<string, string | undefined>>

/** Checks that need no configuration. */
const ofMachine = ['machine', 'GStreamer', 'models', 'clock']

const checksOf = (config: Config, env: Env): readonly Check[] => {
  const cameras = limited(atOnce)
  const entries = Object.entries(config.cameras).flatMap(streamsOf)
  let camerasLeft = entries.length
  const allLooked = Promise.withResolvers<void>()
  if (camerasLeft === 0) allLooked.resolve()
  const look = async (name: string, options: CameraOptions): Promise<readonly Finding[]> => {
    try {
      return [await checkCamera(name, options)]
    } finally {
      if (--camerasLeft === 0) allLooked.resolve()
    }
  }
  // A run of a model blocks this process: cameras that are opened meanwhile would seem to be late.
  const modelsAfterwards = async (): Promise<readonly Finding[]> => {
    await allLooked.promise
    return checkModels(config)
  }
  return [
    { name: 'machine', run: async () => [machine()] },
    { name: 'GStreamer', run: async () => checkGstreamer() },
    { name: 'models', run: modelsAfterwards },
    { name: 'state directory', run: async () => checkState(config, env) },
    { name: 'clock', run: async () => [await checkClock()] },
    { name: 'http', run: () => checkPort(config.http, stateOrNull(config, env)) },
    { name: 'access', run: async () => checkAccess(config.http) },
    { name: 'certificates', run: async () => checkCertificates(config, Date.now()) },
    ...config.http.allowedOrigins.map((origin) => ({ name: origin, run: () => checkOrigin(origin, originTimeoutMs) })),
    { name: 'Kafka', run: () => checkKafka(config) },
    { name: 'seam', run: () => checkSeam(config) },
    { name: 'MQTT', run: () => checkMqtt(config) },
    { name: 'webhooks', run: () => checkWebhooks(config) },
    { name: 'traces', run: () => checkTraces(config) },
    ...entries.map(([name, options]) => ({ name: `camera ${name}`, run: () => cameras(() => look(name, options)) })),
  ]
}

/** The streams of a camera, each with a name of its own. */
const streamsOf = ([name, options]: [string, CameraOptions]): readonly (readonly [string, CameraOptions])[] =>
  options.detailUrl === null
    ? [[name, options]]
    : [
        [name, options],
        [`${name} (detailUrl)`, detailOptions(name, options)],
      ]

const machine = (): Finding => ({
  verdict: 'good',
  what: 'machine',
  detail: `Node ${process.version}, ${availableParallelism()} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
})

/** That there is no place for people is told by the check of the state. */
const stateOrNull = (config: Config, env: Env): string | null => {
  try {
    return stateDirectoryOf(config, { untilEnd: false, env })
  } catch {
    return null
  }
}

/** Lets at most `most` tasks run at the same time; the others wait in their order. */
const limited = (most: number) => {
  const waiting: (() => void)[] = []
  let running = 0
  return async <T>(task: () => Promise<T>): Promise<T> => {
    if (running === most) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}

/** The configuration; when it is wrong the default one, and a finding for each mistake and for what is not looked at then. */
const configured = (
  options: Parameters<typeof configure>[0],
  env: Env,
): { config: Config; mistakes: readonly Finding[] } => {
  try {
    return { config: configure(options, env), mistakes: [] }
  } catch (error) {
    if (!(error instanceof RollcallError) || error.code === 'USAGE') throw error
    const fix = error.remedy === undefined ? {} : { fix: error.remedy }
    const mistakes = error.message
      .split('\n')
      .map((detail): Finding => ({ verdict: 'bad', what: 'configuration', detail, ...fix }))
    const rest = 'state directory, port, access, brokers, webhooks and cameras are looked at when it is right'
    return { config: defaultConfig(), mistakes: [...mistakes, { verdict: 'poor', what: 'the rest', detail: rest }] }
  }
}

const mark: Readonly<Record<Verdict, string>> = { good: 'ok  ', poor: 'note', bad: 'MISS' }

const lineOf = ({ verdict, what, detail, fix }: Finding): string =>
  `${mark[verdict]}  ${printable(`${what}: ${detail}`)}${fix ? `\n      → ${printable(fix)}` : ''}`

/** Shows in one line of a terminal what is waited for. */
const showProgress =
  (stream: NodeJS.WriteStream) =>
  (done: number, all: number, waitingFor: readonly string[]): void => {
    if (!stream.isTTY) return
    const [first = ''] = waitingFor
    const others = waitingFor.length > 1 ? ` and ${waitingFor.length - 1} more` : ''
    stream.write(`\r\x1b[2K${done === all ? '' : `${done} of ${all} checked, waiting for ${first}${others} …`}`)
  }

/** Watches one camera; Ctrl-C ends the watching early, and what was seen is told. */
const doctorOne = (
  camera: string,
  options: Parameters<typeof configure>[0] & { readonly seconds?: string; readonly json: boolean },
): Promise<number> => {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  return watchOneCamera(camera, {
    config: configure(options, process.env),
    env: process.env,
    forMs: 1000 * secondsOf(options.seconds ?? '10', 0.1, mostSeconds),
    json: options.json,
    progress: process.stderr,
    signal: stop.signal,
  })
}

/** Runs all checks and prints their findings. Resolves to 1 when one is `bad`, else to 0. */
export const doctor = async (args: readonly string[]): Promise<number> => {
  const { values: options, positionals } = parseWords('doctor', args, {
    ...overrideOptions,
    seconds: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  })
  if (options.help) {
    console.log(help)
    return 0
  }
  const [camera, more] = positionals
  if (more !== undefined)
    throw new RollcallError('USAGE', `rollcall doctor: "${shownUrl(more)}" is one too many; expected one camera`)
  if (camera !== undefined) return doctorOne(camera, options)
  if (options.seconds !== undefined)
    throw new RollcallError('USAGE', 'rollcall doctor: --seconds stands alone; expected a camera, too', {
      remedy: 'for example rollcall doctor rtsp://192.0.2.10/stream1 --seconds 20',
    })
  const { config, mistakes } = configured(options, process.env)
  const cameraPatienceMs = Math.max(0, ...Object.values(config.cameras).map(({ connectTimeoutMs }) => connectTimeoutMs))
  const rounds = Math.max(1, Math.ceil(Object.keys(config.cameras).length / atOnce))
  const checks = checksOf(config, process.env).filter(({ name }) => mistakes.length === 0 || ofMachine.includes(name))
  const found = await runChecks(checks, {
    patienceMs: patienceMs + (cameraPatienceMs + 5000) * rounds,
    onProgress: showProgress(process.stderr),
  })
  const findings = [...mistakes, ...found]
  const isWell = findings.every(({ verdict }) => verdict !== 'bad')
  console.log(options.json ? JSON.stringify({ ok: isWell, findings }) : findings.map(lineOf).join('\n'))
  return isWell ? 0 : 1
}
