/**
 * What does it take to have vision and identity on many machines? Synthetic faces over real brokers (KAFKA_BROKERS, or an
 * Apache Kafka of this run) to the real identity process, whose people are many; the seam beside the bare client and IPC, in
 * turn; and how long a kill of identity lasts. From what was measured, the machines for so many cameras.
 *
 *   npm run bench -- scale [--quick] [--cameras 10,50,200] [--people 10000] [--seconds S] [--rounds N] [--rate MESSAGES] [--keep]
 *   npm run bench -- scale --size 500/4,10000/200,100000/2000        cameras/sites, from the figures that --keep wrote; measures nothing
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chosenEmbedder } from '../src/vision/chosen-embedder.ts'
import { modelOptions, shippedModels } from '../src/vision/options.ts'
import { heldBy } from '../test/chaos/proc.ts'
import { loopFile } from '../test/support/footage.ts'
import { hasKafka, startBroker } from '../test/support/kafka/broker.ts'
import { wholeProcess } from './overhead.bench.ts'
import { measureSeam } from './scale/seam.ts'
import { framesPerSecond, openSite, type SiteWorld } from './scale/site.ts'
import { type Figures, sizingText } from './scale/sizing.ts'
import { makeState } from './scale/state.ts'
import { looksOf } from './scale/traffic.ts'
import { measureWire } from './scale/wire.ts'

const figuresFile = new URL('./scale/figures.json', import.meta.url)

/** `500` is one site; `10000/200` are two hundred. */
const sizesOf = (text: string): { cameras: number; sites: number }[] =>
  text.split(',').map((each) => {
    const [cameras = Number.NaN, sites = 1] = each.split('/').map(Number)
    if (!(cameras >= sites && sites > 0)) throw new Error(`--size ${each}: expected CAMERAS or CAMERAS/SITES`)
    return { cameras, sites }
  })

const tell = (name: string, value: number, digits = 1): void => console.log(`${name} ${value.toFixed(digits)}`)

/** CPU of identity at one site after the other. Resolves to what a second and what a face costs, and to what it holds. */
const measureIdentity = async (world: SiteWorld, sizes: readonly number[], seconds: number) => {
  const points: { facesPerSecond: number; msPerSecond: number }[] = []
  const latency: { cameras: number; p50Ms: number; p99Ms: number }[] = []
  let takeOverSeconds = Number.NaN
  let memoryMb = 0
  for (const cameras of sizes) {
    const site = await openSite(world, cameras)
    await site.ready()
    const { faces, cpuMs, p50Ms, p99Ms, pid } = await site.measure(seconds)
    memoryMb = Math.max(memoryMb, heldBy(pid).rssMiB)
    latency.push({ cameras, p50Ms, p99Ms })
    points.push({ facesPerSecond: faces / seconds, msPerSecond: cpuMs / seconds })
    tell(`identity_faces_per_core_second_${cameras}`, faces / (cpuMs / 1000), 0)
    tell(`identity_core_share_${cameras}`, cpuMs / seconds / 1000, 3)
    tell(`faces_to_event_p50_ms_${cameras}`, p50Ms)
    tell(`faces_to_event_p99_ms_${cameras}`, p99Ms)
    if (cameras === sizes[0]) takeOverSeconds = await site.takeOver()
    await site.close()
  }
  const [least, most] = [points[0], points.at(-1)]
  if (least === undefined || most === undefined) throw new Error('--cameras: expected a number')
  const spread = most.facesPerSecond - least.facesPerSecond
  const msAFace =
    spread > 0 ? (most.msPerSecond - least.msPerSecond) / spread : least.msPerSecond / least.facesPerSecond
  const fixedMs = Math.max(0, least.msPerSecond - msAFace * least.facesPerSecond)
  tell('takeover_s', takeOverSeconds, 2)
  tell('identity_fixed_ms_per_second', fixedMs)
  tell('identity_us_a_face', msAFace * 1000)
  tell('identity_memory_mib', memoryMb, 0)
  return { identity: { fixedMs, msAFace, memoryMb }, latency, takeOverSeconds }
}

const options = {
  cameras: { type: 'string' },
  people: { type: 'string' },
  seconds: { type: 'string' },
  rounds: { type: 'string' },
  rate: { type: 'string', default: '1000' },
  quick: { type: 'boolean', default: false },
  keep: { type: 'boolean', default: false },
  size: { type: 'string' },
} as const

export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.size !== undefined) {
    const figures = JSON.parse(readFileSync(figuresFile, 'utf8')) as Figures
    console.error(figures.machine)
    console.log(sizingText(figures, sizesOf(values.size)))
    return
  }
  const usual = values.quick
    ? { cameras: '10,50', people: '1000', seconds: '5', rounds: '1' }
    : { cameras: '10,50,200', people: '10000', seconds: '20', rounds: '3' }
  const [seconds, people] = [Number(values.seconds ?? usual.seconds), Number(values.people ?? usual.people)]
  const given = process.env.KAFKA_BROKERS?.split(',')
  if (given === undefined && !hasKafka) throw new Error('no broker: set KAFKA_BROKERS, or install java and mvn')
  // What it has started ends with it.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  await using opening = new AsyncDisposableStack()
  const broker = given === undefined ? opening.adopt(await startBroker(), (started) => started.close()) : null
  const brokers = given ?? [broker?.plain ?? '']
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-bench-'))
  opening.defer(() => rmSync(directory, { recursive: true, force: true }))

  const clip = loopFile('lobby')
  const vision = await wholeProcess(clip, shippedModels)
  const visionMsAFrame = vision.cpuMs / vision.frames
  tell('vision_ms_a_frame', visionMsAFrame, 2)

  const embedder = await chosenEmbedder(modelOptions.parse({}))
  const state = join(directory, 'state')
  const looks = looksOf(people, 1)
  makeState(state, looks, embedder)
  const bytesAPerson = statSync(join(state, 'people.db')).size / people
  tell('state_bytes_a_person', bytesAPerson, 0)
  const world = { brokers, directory, state, looks, sha256: embedder.sha256 }
  const sizes = (values.cameras ?? usual.cameras).split(',').map(Number)
  const site = await measureIdentity(world, sizes, seconds)

  const rounds = Number(values.rounds ?? usual.rounds)
  const seam = await measureSeam(brokers, { rate: Number(values.rate), seconds: Math.min(seconds, 10), rounds })
  const wire = measureWire()
  // The record of the bare client's frame is not sealed; what more there was is Kafka's.
  const framing = seam.bytesAFrame - wire.frame - wire.face
  tell('wire_bytes_a_frame', wire.frame + framing + wire.seal, 0)
  tell('wire_bytes_a_face', wire.face, 0)
  tell('seam_ipc_us_a_message', seam.ipcUs)
  tell('seam_kafka_us_a_message', seam.kafkaUs)
  tell('seam_bare_us_a_message', seam.bareUs)
  tell('seam_overhead_ratio', seam.ratio, 3)
  if (!values.keep) return
  const machine = `${cpus().length} cores (${cpus()[0]?.model}), brokers ${given ? 'elsewhere' : 'on the same machine'}, Node ${process.version}, ${people} people a site, ${framesPerSecond} frames a second and camera`
  const kept: Figures = {
    machine,
    visionMsAFrame,
    ...site,
    seam,
    wire: { frame: wire.frame + framing + wire.seal, face: wire.face },
    bytesAPerson,
  }
  writeFileSync(
    figuresFile,
    `${JSON.stringify(kept, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value), 2)}\n`,
  )
}
