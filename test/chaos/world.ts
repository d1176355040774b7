import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSimulatedCameras } from '../../simulator/simulated-cameras.ts'
import type { Watched } from '../../src/demo/score.ts'
import { readTruth } from '../../src/demo/truth.ts'
import type { RollcallEvent } from '../../src/events/types.ts'
import { fileOf } from '../../src/identity/store/open.ts'
import type { CameraId } from '../../src/types.ts'
import { type Faults, openFaults } from '../support/faults/faults.ts'
import { type LoopName, loopFile } from '../support/footage.ts'
import { createIdentities, type Identities } from './identities.ts'
import type { Kafka } from './kafka.ts'
import { createProgram, type Program } from './program.ts'
import { createReceived, createTail, type Received, type Tail } from './received.ts'
import { type Receivers, startReceivers } from './receivers.ts'
import { type Stranger, startStranger } from './strangers.ts'
import { createWatcher, type Watcher } from './watcher.ts'

/** The program with all that is around it. Whoever opened it closes it. */
export interface World {
  readonly program: Program
  readonly port: number
  /** Of this run alone. */
  readonly directory: string
  readonly stateFile: string
  readonly eventsFile: string
  /** Those that work, unless something is done to them. */
  readonly cameras: readonly CameraId[]
  readonly faults: Faults
  /** Cameras of the configuration that are none: `stranger-rtsp` and `stranger-http`. */
  readonly strangers: readonly Stranger[]
  /** A web server that nobody has a reason to ask. */
  readonly trap: Stranger
  readonly kafka: Kafka | null
  readonly receivers: Receivers
  readonly watcher: Watcher
  /** What the events file has. */
  readonly received: Received
  readonly identities: Identities
  /** Reads what the events file has got. */
  readEvents(): void
  /** Lines of the events file that are no JSON, since the last call. */
  tornLines(): readonly string[]
  /** Moves the events file away, as logrotate does; what it had is read before. */
  rotate(): void
  /** Frames of a camera so far; `readEvents` counts them. */
  readonly framesOf: (camera: CameraId) => number
  /** The last state of a camera that the events file tells. */
  readonly stateOf: (camera: CameraId) => { readonly state: string; readonly code: string | null }
  close(): Promise<void>
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Both show Ada and Chen; the others are in one of them. */
const loops: readonly LoopName[] = ['lobby', 'street']

/**
 * Short waits between attempts, so that coming back takes seconds. A busy machine needs seconds for the first picture: with less
 * time for it each attempt would be given up, and cost as much as the last.
 */
const camera = (url: string): object => ({
  url,
  maxFps: 6,
  connectTimeoutMs: 8000,
  stallAfterMs: 8000,
  backoff: { firstMs: 200, maxMs: 1000 },
})

/** `kafka` is the broker to publish to, which stays the caller's. `random` is for receivers. */
export const openWorld = async (kafka: Kafka | null, random: () => number): Promise<World> => {
  await using opening = new AsyncDisposableStack()
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-chaos-'))
  opening.defer(() => rmSync(directory, { recursive: true, force: true }))
  const files = loops.map((name) => ({ name, file: loopFile(name) }))
  const simulated = opening.adopt(await startSimulatedCameras(files), (started) => started.close())
  const rtsp = opening.adopt(await startStranger('RTSP/1.0'), (stranger) => stranger.close())
  const http = opening.adopt(await startStranger('HTTP/1.1'), (stranger) => stranger.close())
  const trap = opening.adopt(await startStranger('HTTP/1.1'), (stranger) => stranger.close())
  const receivers = opening.adopt(await startReceivers(random), (started) => started.close())
  const opened = openFaults()
  if (opened === null) throw new Error('no C compiler: bin/setup installs one')
  const faults = opening.adopt(opened, (created) => created.close())
  const at = (name: string): string => join(directory, name)
  const [port, eventsFile, state] = [await freePort(), at('events.jsonl'), at('state')]
  mkdirSync(at('logs'))
  const config = {
    site: 'chaos',
    cameras: {
      ...Object.fromEntries(simulated.cameras.map(({ name, url }) => [name, camera(url)])),
      'stranger-rtsp': camera(`rtsp://127.0.0.1:${rtsp.port}/live`),
      'stranger-http': camera(`http://127.0.0.1:${http.port}/video.mjpg`),
    },
    vision: { processes: 2 },
    state: { directory: state },
    sinks: {
      events: eventsFile,
      ...receivers.sinks,
      ...(kafka && {
        kafka: {
          brokers: [kafka.brokers],
          topicPrefix: kafka.prefix,
          requestTimeoutMs: 5000,
          spool: { directory: at('spool') },
        },
      }),
    },
    http: { port },
    log: { format: 'json' },
  }
  // JSON is YAML.
  writeFileSync(at('site.yaml'), JSON.stringify(config))
  const program = opening.adopt(
    createProgram({ directory: at('logs'), config: at('site.yaml'), port, env: faults.env }),
    (created) => created.close(),
  )
  const watched = new Map<CameraId, Watched>()
  for (const { name, camera: shown } of simulated.cameras)
    watched.set(name, {
      truth: await readTruth(loopFile(name as LoopName).replace('.mp4', '.truth.jsonl')),
      shownAt: (unixMs) => shown.shownAt(unixMs),
    })
  const watcher = opening.adopt(createWatcher(program.url, loops), (created) => created.close())
  const seen = createSeen(eventsFile, createIdentities(watched))
  const owned = opening.move()
  return {
    program,
    port,
    directory,
    eventsFile,
    stateFile: fileOf(state),
    cameras: loops,
    faults,
    strangers: [rtsp, http],
    trap,
    kafka,
    receivers,
    watcher,
    ...seen,
    close: () => owned.disposeAsync(),
  }
}

/** What the events file says, and what follows from it. */
const createSeen = (eventsFile: string, identities: Identities) => {
  const received = createReceived('the events file')
  const frames = new Map<CameraId, number>()
  const states = new Map<CameraId, { readonly state: string; readonly code: string | null }>()
  const take = (event: RollcallEvent, text: string): void => {
    received.take(event, text)
    identities.saw(event)
    const { data } = event
    if (event.type === 'rollcall.frame.v1') frames.set(event.data.camera, (frames.get(event.data.camera) ?? 0) + 1)
    if ('state' in data) states.set(data.camera, { state: data.state, code: data.code ?? null })
  }
  const torn: string[] = []
  const tail = (): Tail => createTail(eventsFile, take, (line) => torn.push(line))
  const tails = [tail()]
  return {
    received,
    identities,
    readEvents: (): void => {
      for (const tail of tails) tail.read()
    },
    tornLines: () => torn.splice(0),
    rotate: (): void => {
      const old = `${eventsFile}.${tails.length}`
      renameSync(eventsFile, old)
      // The program writes to the old file until it opens a new one.
      tails.at(-1)?.renamed(old)
      tails.push(tail())
    },
    framesOf: (id: CameraId): number => frames.get(id) ?? 0,
    stateOf: (id: CameraId) => states.get(id) ?? { state: 'unknown', code: null },
  }
}
