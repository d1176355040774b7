/** `bin/demo --scale`: the demo's cameras on a site of many processes, of which any may be killed. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startSimulatedCameras } from '../../simulator/simulated-cameras.ts'
import { scenesIn } from '../../src/demo/footage.ts'
import { createScorer, type Scorer } from '../../src/demo/score.ts'
import type { RollcallEvent } from '../../src/events/types.ts'
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

A Kafka broker, two vision and two identity processes, and four simulated cameras on this machine. Kafka places the cameras; one
identity process has the site, the other stands by.

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
const workers = ['vision-1', 'vision-2']
const identities = ['identity-1', 'identity-2']
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
  /** The viewer of each identity process, by its name. */
  readonly viewers: ReadonlyMap<string, string>
  /** The identity process whose event is the newest; undefined before the first. */
  readonly active: () => string | undefined
}

const start = async (opening: AsyncDisposableStack): Promise<Demo> => {
  console.log('Starting a Kafka broker and simulated cameras …')
  const cluster = opening.adopt(await startCluster(1), (started) => started.close())
  const scenes = await scenesIn(footage, mostCameras)
  const simulated = opening.adopt(await startSimulatedCameras(scenes), (started) => started.close())
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-demo-'))
  opening.defer(() => rmSync(directory, { recursive: true, force: true }))
  const at = (name: string): string => join(directory, name)
  const ports = await freePorts(identities.length)
  const kafka = { brokers: cluster.brokers, sealingKey: randomBytes(SEALING_KEY_BYTES).toString('base64') }
  const common = {
    site,
    cameras: Object.fromEntries(simulated.cameras.map(({ name, url }) => [name, { url }])),
    seam: { kafka, cameraSlots: 2 * mostCameras, link: { listen: '127.0.0.1:0' }, stateTopic: true },
    vision: { processes: 1 },
    log: { level: 'warn' },
  }
  const member = (role: 'vision' | 'identity', name: string, config: object, ...more: string[]): Member => {
    writeFileSync(at(`${name}.json`), JSON.stringify({ ...common, ...config }))
    return createMember(name, [...rollcallRole(role), '--config', at(`${name}.json`), ...more], at(`${name}.log`))
  }
  const eventsOf = (name: string): string => at(`${name}.jsonl`)
  const members = [
    ...identities.map((name, i) => {
      const own = { state: { directory: at(`${name}-state`) }, sinks: { events: eventsOf(name) } }
      return member('identity', name, { ...own, http: { port: ports[i] } })
    }),
    ...workers.map((name) => member('vision', name, { http: { port: null } }, '--name', name)),
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
  let active: string | undefined
  const tails = identities.map((name) => {
    const take = (event: RollcallEvent): void => {
      active = name
      scorer.saw([event])
    }
    // A kill cuts a line off, and the next process begins on a line of its own.
    return createTail(eventsOf(name), take, () => undefined)
  })
  const read = (): void => {
    for (const tail of tails) tail.read()
  }
  for (const each of members) each.employ()
  const cameras = simulated.cameras.map(({ name }) => name)
  const viewers = new Map(identities.map((name, i) => [name, `http://127.0.0.1:${ports[i]}`]))
  return { cameras, members, ownerOf, scorer, read, viewers, active: () => active }
}

/** Who has what, in one line. */
const statusOf = ({ cameras, members, ownerOf, scorer, viewers, active }: Demo): string => {
  const parts = members.map((member) => {
    const own = cameras.filter((camera) => ownerOf(camera) === member.name)
    const process = `${member.name} ${member.runs() ? `(${member.pid()})` : '(gone)'}`
    if (viewers.has(member.name)) return member.name === active() ? `${process}: people` : process
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
  let told: string | undefined
  const startsOf = new Map(demo.members.map((member) => [member.name, member.starts()]))
  for (let i = 0; !until.aborted; i++) {
    demo.read()
    const clear = isTTY ? '\r\x1b[2K' : ''
    for (const member of demo.members.filter(({ name, starts }) => starts() !== startsOf.get(name))) {
      console.log(`${clear}${member.name} has ended and was started again: ${member.pid()}`)
      startsOf.set(member.name, member.starts())
    }
    const active = demo.active()
    if (active !== undefined && active !== told)
      console.log(`${clear}The viewer: ${demo.viewers.get(active)} (${active})`)
    told = active
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
  console.log(
    '\nCtrl-C ends the demo. Try kill -9 with the number of any process: Kafka misses it after six to ten seconds, then',
  )
  console.log('another has what it had, and everybody keeps the ID. It is started again, as Kubernetes would.\n')
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
