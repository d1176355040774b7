/** Programs that watch simulated cameras whose people are known: what they cost, and what they saw. */
import { setTimeout as sleep } from 'node:timers/promises'
import { startRtspServer } from '../simulator/rtsp-server.ts'
import { threadCpuMsOf, treeCpuMsOf } from './cpu-time.ts'
import { type Held, heldBy } from './held.ts'
import type { CameraKeys } from './live-program.ts'
import type { LiveScene } from './live-scenes.ts'
import { ours, peer, type Saw, type ShownAt } from './live-watchers.ts'
import type { Look } from './looks-scores.ts'

/**
 * Once every camera was looked at, this passes before CPU time is counted: what runs often has been compiled then, and quiet cameras
 * sleep. Many cameras that begin at once need longer.
 */
const SETTLE_S = 12
const SETTLE_S_A_CAMERA = 0.5
/** The cameras of a loaded machine have to come within this time. */
const MOST_START_MS = 120_000

/** What one camera gave while CPU time was counted. */
export interface LiveCamera {
  /** All looks at it, from the loop's first picture on: `seq` counts the stream's pictures. */
  readonly looks: readonly Look[]
  /** Analysed frames. */
  readonly frames: number
  /** The stream's pictures in this time, by number. */
  readonly from: number
  readonly until: number
}

/** What a program gave that watched cameras for some time. */
export interface LiveRun {
  /** CPU milliseconds of all its processes for a second of one camera's video, without the start. */
  readonly msPerSecond: number
  /** The same by what its threads do; see `threadCpuMsOf`. */
  readonly msByThread: ReadonlyMap<string, number>
  /** Analysed frames of a second of one camera's video. */
  readonly framesPerSecond: number
  /** Of each scene, in order. */
  readonly cameras: readonly LiveCamera[]
  /** From capture to event, of each frame; empty for the peer. */
  readonly agesMs: readonly number[]
  /** Of all its processes, at the end. */
  readonly held: Held
  /** Cores that the simulated cameras took, and reading what the program wrote. */
  readonly camerasCores: number
}

/** The looks at each camera, in the order of the scenes. */
export const looksIn = ({ cameras }: LiveRun): readonly (readonly Look[])[] => cameras.map(({ looks }) => looks)

/** What has been seen of each camera so far. */
const createTally = (scenes: readonly LiveScene[]) => {
  const frames = new Map<string, number>()
  const last = new Map<string, number>()
  const ages: number[] = []
  return {
    ages,
    saw: ({ camera, seq, ageMs }: Saw): void => {
      frames.set(camera, (frames.get(camera) ?? 0) + 1)
      if (seq !== undefined) last.set(camera, seq)
      if (ageMs !== undefined) ages.push(ageMs)
    },
    sawAll: (): boolean => frames.size === scenes.length,
    now: () => scenes.map(({ name }) => ({ frames: frames.get(name) ?? 0, seq: last.get(name) ?? 0 })),
  }
}

/** Whoever watches: a Python with the peer's packages, or ours with these keys for each camera. */
export type By = { readonly python: string } | { readonly keys: CameraKeys }

/**
 * Watches the scenes for one pass of the first one's loop. `started` is called when the program runs, before cameras are watched.
 * Rejects when the program ends, or not every camera gives a picture.
 */
export const runLive = async (scenes: readonly LiveScene[], by: By, started = () => {}): Promise<LiveRun> => {
  await using owned = new AsyncDisposableStack()
  const server = owned.adopt(await startRtspServer({ maxConnections: 2 * scenes.length }), (opened) => opened.close())
  const cameras = new Map(
    scenes.map(({ name, loop, joinsAtS = 0 }) => [name, server.addCamera(name, { loop, quirks: { joinsAtS } })]),
  )
  const shownAt: ShownAt = (camera, unixMs) => cameras.get(camera)?.shownAt(unixMs) ?? null
  const watcher = 'python' in by ? peer(by.python) : ours(scenes, by.keys, shownAt)
  const tally = createTally(scenes)
  const onLine = (line: string): void => {
    const saw = watcher.saw(line)
    if (saw) tally.saw(saw)
  }
  const urls = scenes.map(({ name }) => [name, server.url(name)] as const)
  const program = owned.use(watcher.start(urls, onLine))
  started()
  const startMs = performance.now()
  while (!tally.sawAll()) {
    program.check()
    if (performance.now() - startMs > MOST_START_MS) throw new Error('not every camera has given a picture')
    await sleep(50)
  }
  await sleep((SETTLE_S + SETTLE_S_A_CAMERA * scenes.length) * 1000)
  const before = {
    usedMs: treeCpuMsOf(program.pid),
    threads: threadCpuMsOf(program.pid),
    seen: tally.now(),
    ages: tally.ages.length,
    atMs: performance.now(),
    own: process.cpuUsage(),
  }
  await sleep((scenes[0]?.facesOf.length ?? 0) * 40)
  program.check()
  const usedMs = treeCpuMsOf(program.pid) - before.usedMs
  const threads = threadCpuMsOf(program.pid)
  const own = process.cpuUsage(before.own)
  const seconds = (performance.now() - before.atMs) / 1000
  const cameraSeconds = seconds * scenes.length
  const seen = tally.now()
  const watched = scenes.map(({ name }, i): LiveCamera => {
    const [then, now] = [before.seen[i], seen[i]]
    return {
      looks: watcher.looks(name),
      frames: (now?.frames ?? 0) - (then?.frames ?? 0),
      from: then?.seq ?? 0,
      until: now?.seq ?? 0,
    }
  })
  return {
    msPerSecond: usedMs / cameraSeconds,
    msByThread: new Map(
      [...threads].map(([name, ms]) => [name, (ms - (before.threads.get(name) ?? 0)) / cameraSeconds]),
    ),
    framesPerSecond: watched.reduce((sum, { frames }) => sum + frames, 0) / cameraSeconds,
    cameras: watched,
    agesMs: tally.ages.slice(before.ages),
    held: heldBy(program.pid),
    camerasCores: (own.user + own.system) / 1e6 / seconds,
  }
}

/** A program that wants every frame has had the machine when it got so many of 25. */
const WHOLE = 23
const MOST_TRIES = 3

/** As `runLive`, of one that looks at every frame: once more when it could not, because other programs had the machine. */
export const runWhole = async (scenes: readonly LiveScene[], by: By): Promise<LiveRun> => {
  for (let tried = 1; ; tried++) {
    const run = await runLive(scenes, by)
    if (run.framesPerSecond >= WHOLE || tried === MOST_TRIES) return run
    console.error(`only ${run.framesPerSecond.toFixed(1)} frames of 25 were looked at: once more`)
  }
}
