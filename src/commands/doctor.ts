import { connect, createServer } from 'node:net'
import { availableParallelism, totalmem } from 'node:os'
import { inspect } from '../../native/index.js'
import type { Config } from '../config/config.ts'
import { describeError, RollcallError } from '../errors.ts'
import { isConfigured, kafkaClient, redact, topicName } from '../sinks/kafka/client.ts'
import { reasonOf } from '../sinks/kafka/failure.ts'
import { absentTopics } from '../sinks/kafka/topics.ts'
import { describeModels } from '../vision/model-files.ts'
import { shippedModels } from '../vision/options.ts'
import { providersBuiltIn } from '../vision/session.ts'
import { configure, overrideOptions, parse } from './arguments.ts'

const help = `rollcall doctor [--config FILE] [--models DIR] [--http HOST:PORT]

Checks what is installed and what is missing, and prints the command that installs it. Exit code 1 when something that
Rollcall needs is missing.`

/** `bad`: Rollcall cannot do its work. `poor`: something is slower or not possible. */
type Verdict = 'good' | 'poor' | 'bad'

interface Finding {
  readonly verdict: Verdict
  readonly what: string
  readonly detail: string
  readonly fix?: string
}

const apt = (name: string): string => `apt-get install --no-install-recommends ${name}`

/** GStreamer elements, what each is for, and the Debian package that has it. */
const NEEDED: readonly (readonly [element: string, use: string, debianPackage: string])[] = [
  ['appsink', 'frames out of GStreamer', 'gstreamer1.0-plugins-base'],
  ['videoconvert', 'colour formats', 'gstreamer1.0-plugins-base'],
  ['parsebin', 'video over HTTP', 'gstreamer1.0-plugins-base'],
  ['rtspsrc', 'RTSP cameras', 'gstreamer1.0-plugins-good'],
  ['rtph264depay', 'H.264 over RTP', 'gstreamer1.0-plugins-good'],
  ['qtdemux', 'MP4 files', 'gstreamer1.0-plugins-good'],
  ['matroskademux', 'Matroska files', 'gstreamer1.0-plugins-good'],
  ['tsdemux', 'MPEG transport streams', 'gstreamer1.0-plugins-bad'],
  ['videoflip', 'rotated recordings', 'gstreamer1.0-plugins-good'],
  ['jpegenc', 'pictures for the viewer', 'gstreamer1.0-plugins-good'],
  ['h264parse', 'H.264', 'gstreamer1.0-plugins-bad'],
  ['h265parse', 'H.265', 'gstreamer1.0-plugins-bad'],
  ['avdec_h264', 'decoding H.264', 'gstreamer1.0-libav'],
  ['avdec_h265', 'decoding H.265', 'gstreamer1.0-libav'],
]
const OPTIONAL: readonly (readonly [element: string, use: string, debianPackage: string])[] = [
  ['hlsdemux', 'HLS over HTTP', 'gstreamer1.0-plugins-bad'],
  ['souphttpsrc', 'HTTP', 'gstreamer1.0-plugins-good'],
  ['v4l2src', 'USB cameras', 'gstreamer1.0-plugins-good'],
]
const HARDWARE: Readonly<Record<string, string>> = {
  nvh264dec: 'NVIDIA H.264',
  nvh265dec: 'NVIDIA H.265',
  vah264dec: 'VA-API H.264',
  vah265dec: 'VA-API H.265',
  vaapih264dec: 'VA-API (old) H.264',
  qsvh264dec: 'Intel Quick Sync H.264',
  v4l2h264dec: 'V4L2 H.264',
  v4l2slh264dec: 'V4L2 stateless H.264',
}

const gstreamer = (): Finding[] => {
  let found: ReturnType<typeof inspect>
  try {
    found = inspect([...NEEDED, ...OPTIONAL].map(([element]) => element).concat(Object.keys(HARDWARE)))
  } catch (error) {
    return [{ verdict: 'bad', what: 'GStreamer addon', detail: describeError(error), fix: 'bin/setup' }]
  }
  const missing = (list: typeof NEEDED, verdict: Verdict): Finding[] =>
    list
      .filter(([element]) => !found.elements[element])
      .map(([element, use, name]) => ({
        verdict,
        what: `GStreamer ${element}`,
        detail: `missing: ${use}`,
        fix: apt(name),
      }))
  const hardware = Object.keys(HARDWARE).filter((element) => found.elements[element])
  return [
    { verdict: 'good', what: 'GStreamer', detail: `${found.version}, ${NEEDED.length} elements looked for` },
    ...missing(NEEDED, 'bad'),
    ...missing(OPTIONAL, 'poor'),
    {
      verdict: 'good',
      what: 'hardware decoders',
      detail:
        hardware.map((element) => `${element} (${HARDWARE[element]})`).join(', ') || 'none; decoding runs on the CPU',
    },
  ]
}

const models = async (config: Config): Promise<Finding[]> => {
  const directory = config.models.directory ?? shippedModels
  const files = await describeModels(directory).catch((error: unknown) => String(describeError(error)))
  if (typeof files === 'string') return [{ verdict: 'bad', what: 'models', detail: files, fix: '--models DIR' }]
  const roles = new Set(files.filter(({ problem }) => !problem).map(({ role }) => role))
  return [
    ...files.map(
      ({ file, role, source, sha256, problem }): Finding => ({
        verdict: problem ? 'poor' : 'good',
        what: `model ${file}`,
        detail: problem ? describeError(problem) : `${role} (known by ${source}), sha256 ${sha256}`,
      }),
    ),
    ...(['detector', 'embedder'] as const)
      .filter((role) => !roles.has(role))
      .map((role): Finding => ({ verdict: 'bad', what: role, detail: `none in ${directory}`, fix: '--models DIR' })),
  ]
}

const canListen = (host: string, port: number): Promise<string | null> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(error.message))
    server.listen(port, host, () => server.close(() => resolve(null)))
  })

const canConnect = (host: string, port: number): Promise<string | null> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 3000 })
    const end = (problem: string | null): void => {
      socket.destroy()
      resolve(problem)
    }
    socket.once('connect', () => end(null))
    socket.once('timeout', () => end('no answer within 3 s'))
    socket.once('error', (error) => end(error.message))
  })

const ports = async ({ http, cameras }: Config): Promise<Finding[]> => {
  const listen = http.port === null ? undefined : await canListen(http.host, http.port)
  const findings: Finding[] = []
  if (listen !== undefined) {
    const what = `http ${http.host}:${http.port}`
    findings.push(
      listen === null
        ? { verdict: 'good', what, detail: 'free' }
        : { verdict: 'bad', what, detail: listen, fix: 'another port: --http HOST:PORT or http.port' },
    )
  }
  const reachable = Object.entries(cameras).map(async ([name, { url }]): Promise<Finding | null> => {
    const parsed = URL.canParse(url) ? new URL(url) : null
    if (!parsed || !/^rtsps?:$|^https?:$/.test(parsed.protocol)) return null
    const usual = { 'rtsp:': 554, 'rtsps:': 322, 'http:': 80, 'https:': 443 }[parsed.protocol] ?? 0
    const port = Number(parsed.port) || usual
    const problem = await canConnect(parsed.hostname, port)
    const what = `camera ${name}`
    const at = `${parsed.hostname}:${port}`
    return problem === null
      ? { verdict: 'good', what, detail: `${at} answers` }
      : { verdict: 'poor', what, detail: `${at}: ${problem}`, fix: `check cameras.${name}.url and the network` }
  })
  return [...findings, ...(await Promise.all(reachable)).filter((finding) => finding !== null)]
}

/** Whether the brokers answer and the topics exist. */
const kafka = async ({ sinks }: Config): Promise<Finding[]> => {
  const options = sinks.kafka
  if (!isConfigured(options)) return []
  const what = `kafka ${options.brokers.join(', ')}`
  const admin = kafkaClient(options, { debug() {}, info() {}, warn() {}, error() {} }).admin()
  try {
    await admin.connect()
    const absent = await absentTopics(admin, options)
    if (absent.length === 0) return [{ verdict: 'good', what, detail: 'answers, all topics are there' }]
    const names = absent.map((topic) => topicName(options, topic)).join(', ')
    return options.createTopics
      ? [{ verdict: 'good', what, detail: `answers; ${names} will be created` }]
      : [{ verdict: 'bad', what, detail: `no topic ${names}`, fix: 'sinks.kafka.createTopics: true, or create them' }]
  } catch (error) {
    const detail = redact(options, reasonOf(error))
    return [
      { verdict: 'bad', what, detail, fix: 'check sinks.kafka.brokers, tls and sasl; events wait on disk meanwhile' },
    ]
  } finally {
    await admin.disconnect().catch(() => undefined)
  }
}

const MARK: Readonly<Record<Verdict, string>> = { good: 'ok  ', poor: 'note', bad: 'MISS' }

/** Prints one line for each finding. Resolves to 1 when one is `bad`, else to 0. */
export const doctor = async (args: readonly string[]): Promise<number> => {
  const options = parse('doctor', args, { ...overrideOptions, help: { type: 'boolean', short: 'h' } })
  if (options.help) {
    console.log(help)
    return 0
  }
  let config: Config
  try {
    config = configure(options, process.env)
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error
    console.log(`MISS  configuration: ${describeError(error)}`)
    return 1
  }
  const findings: Finding[] = [
    {
      verdict: 'good',
      what: 'machine',
      detail: `Node ${process.version}, ${availableParallelism()} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    },
    ...gstreamer(),
    {
      verdict: 'good',
      what: 'ONNX Runtime',
      detail: `can load ${providersBuiltIn().join(', ')}; whether a GPU's libraries are there shows when a model is opened, and the log says so`,
    },
    ...(await models(config)),
    ...(await ports(config)),
    ...(await kafka(config)),
  ]
  for (const { verdict, what, detail, fix } of findings) {
    console.log(`${MARK[verdict]}  ${what}: ${detail}${fix ? `\n      → ${fix}` : ''}`)
  }
  return findings.some(({ verdict }) => verdict === 'bad') ? 1 : 0
}
