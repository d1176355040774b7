/** `bin/demo --scale`: the demo's cameras on a site of many processes, of which any may be killed. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startSimulatedCameras } from '../../simulator/simulated-cameras.ts'
import { scenesIn } from '../../src/demo/footage.ts'
import { createScorer, type Scorer } from '../../src/demo/score.ts'
import { SEALING_KEY_BYTES } from '../../src/seam/envelope.ts'
import { type SeamTarget, seamOptions } from '../../src/seam/options.ts'
import { ensureTopic, seamPlace } from '../../src/seam/topic.ts'
import type { CameraId } from '../../src/types.ts'
import { createTail } from '../chaos/received.ts'
import { silent } from '../site/site.ts'
import { freePorts, hasKafka } from '../support/kafka/broker.ts'
import { startCluster } from '../support/kafka/cluster.ts'
import { createMember, type Member } from './member.ts'
import { readFaces } from './topic.ts'
import { rollcallRole } from './world.ts'

const usage = `bin/demo --scale [OPTIONS]

A Kafka broker, two vision processes, an identity process and four simulated cameras on this machine. Kafka places the cameras.

  --headless     ends by itself after some time; exit code 1 when a camera has no owner then, or nobody was found
  --seconds N    how long --headless runs (default 60)`

const { values } = parseArgs({
  options: {
    scale: { type: 'boolean' },
    headless: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '60' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

const footage = resolve(import.meta.dirname, '../../footage')
const site = 'demo'
const mostCameras = 4
/** A vision process says every two seconds that it has a camera. */
const SILENT_MS = 5000

/** Who is there, and who has which camera. */
interface Demo {
  readonly cameras: readonly CameraId[]
  readonly members: readonly Member[]
  /** Who has the camera; undefined when nobody was heard for a while. */
  readonly ownerOf: (camera: CameraId) => string | undefined
  readonly scorer: Scorer
  /** Reads what identity has written. */
  readonly read: () => void
  readonly viewer: string
}

const start = async (opening: AsyncDisposableStack): Promise<Demo> => {
  console.log('Starting a Kafka broker and simulated cameras …')
  const cluster = opening.adopt(await startCluster(1), (started) => started.close())
  const scenes = await scenesIn(footage, mostCameras)
  const simulated = opening.adopt(await startSimulatedCameras(scenes), (started) => started.close())
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-demo-'))
  opening.defer(() => rmSync(directory, { recursive: true, force: true }))
  mkdirSync(join(directory, 'state'))
  const at = (name: string): string => join(directory, name)
  const [port = 0] = await freePorts(1)
  const kafka = { brokers: cluster.brokers, sealingKey: randomBytes(SEALING_KEY_BYTES).toString('base64') }
  const common = {
    site,
    cameras: Object.fromEntries(simulated.cameras.map(({ name, url }) => [name, { url }])),
    seam: { kafka, cameraSlots: 2 * mostCameras, link: { listen: '127.0.0.1:0' } },
    vision: { processes: 1 },
    state: { directory: at('state') },
    sinks: { events: at('events.jsonl') },
    log: { level: 'warn' },
  }
  writeFileSync(at('identity.json'), JSON.stringify({ ...common, http: { port } }))
  writeFileSync(at('vision.json'), JSON.stringify({ ...common, http: { port: null } }))
  const member = (role: 'vision' | 'identity', name: string, ...more: string[]): Member =>
    createMember(name, [...rollcallRole(role), '--config', at(`${role}.json`), ...more], at(`${name}.log`))
  const members = [
    member('identity', 'identity'),
    ...['vision-1', 'vision-2'].map((name) => member('vision', name, '--name', name)),
  ]
  opening.defer(async () => void (await Promise.all(members.map((each) => each.close()))))
  const seam = seamOptions.parse({ kafka }).kafka as SeamTarget
  await ensureTopic(seamPlace(site, seam, silent))
  const heard = new Map<CameraId, { readonly owner: string; readonly epoch: number; readonly atMs: number }>()
  const faces = await readFaces(site, seam, (_, { camera, owner, epoch }) => {
    if (epoch >= (heard.get(camera)?.epoch ?? 0)) heard.set(camera, { owner, epoch, atMs: performance.now() })
  })
  const ownerOf = (camera: CameraId): string | undefined => {
    const last = heard.get(camera)
    return last && performance.now() - last.atMs < SILENT_MS ? last.owner : undefined
  }
  opening.adopt(faces, (reader) => reader.close())
  const shown = simulated.cameras.flatMap(({ name, camera }, i) => {
    const truth = scenes[i]?.truth
    return truth ? [[name, { truth, shownAt: (unixMs: number) => camera.shownAt(unixMs) }] as const] : []
  })
  const scorer = createScorer(new Map(shown))
  // A kill cuts a line off, and the next process begins on a line of its own.
  const tail = createTail(
    at('events.jsonl'),
    (event) => scorer.saw([event]),
    () => undefined,
  )
  for (const each of members) each.employ()
  const cameras = simulated.cameras.map(({ name }) => name)
  return { cameras, members, ownerOf, scorer, read: () => tail.read(), viewer: `http://127.0.0.1:${port}` }
}

/** Who has what, in one line. */
const statusOf = ({ cameras, members, ownerOf, scorer }: Demo): string => {
  const parts = members.map((member) => {
    const own = cameras.filter((camera) => ownerOf(camera) === member.name)
    const process = `${member.name} ${member.runs() ? `(${member.pid()})` : '(gone)'}`
    return own.length > 0 ? `${process}: ${own.join(', ')}` : process
  })
  const away = cameras.filter((camera) => ownerOf(camera) === undefined)
  if (away.length > 0) parts.push(`nobody: ${away.join(', ')}`)
  const { people, found, ids, switches } = scorer.score()
  return [...parts, `${found} of ${people} people found, ${ids} IDs, ${switches} switches`].join(' · ')
}

/** Shows the status until `until` aborts: on a terminal in place, elsewhere every five seconds; each new process on a line. */
const show = async (demo: Demo, until: AbortSignal): Promise<void> => {
  const { isTTY } = process.stdout
  const startsOf = new Map(demo.members.map((member) => [member.name, member.starts()]))
  for (let i = 0; !until.aborted; i++) {
    demo.read()
    const clear = isTTY ? '\r\x1b[2K' : ''
    for (const member of demo.members.filter(({ name, starts }) => starts() !== startsOf.get(name))) {
      console.log(`${clear}${member.name} has ended and was started again: ${member.pid()}`)
      startsOf.set(member.name, member.starts())
    }
    if (isTTY) process.stdout.write(`${clear}${statusOf(demo)}`)
    else if (i % 5 === 0) console.log(statusOf(demo))
    await sleep(1000, undefined, { signal: until }).catch(() => undefined)
  }
  if (isTTY) console.log()
}

const demo = async (): Promise<number> => {
  // Why it is not there has been said.
  if (!hasKafka) return 1
  await using opening = new AsyncDisposableStack()
  const over = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => over.abort())
  const running = await start(opening)
  const [, victim] = running.members
  console.log(`\nThe viewer: ${running.viewer}    Ctrl-C ends the demo.`)
  console.log(
    `Try: kill -9 ${victim?.pid()}    Kafka misses it after ten seconds; then the other has its cameras, and all keep their IDs.\n`,
  )
  if (values.headless)
    void sleep(Number(values.seconds) * 1000, undefined, { signal: over.signal }).then(
      () => over.abort(),
      () => undefined,
    )
  await show(running, over.signal)
  console.log(statusOf(running))
  const isWhole =
    running.cameras.every((camera) => running.ownerOf(camera) !== undefined) && running.scorer.score().found > 0
  return isWhole || !values.headless ? 0 : 1
}

if (values.help) console.log(usage)
else process.exitCode = await demo()
