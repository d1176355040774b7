/** Programs that watch simulated cameras whose people are known: what they cost, and what they saw. */
import { setTimeout as sleep } from 'node:timers/promises'
import { startRtspServer } from '../simulator/rtsp-server.ts'
import type { RollcallEvent } from '../src/events/types.ts'
import { treeCpuMsOf } from './cpu-time.ts'
import { type CameraKeys, type LiveProgram, startProgram, startRollcall } from './live-program.ts'
import type { LiveScene } from './live-scenes.ts'
import { type Look, looksOf } from './looks-scores.ts'
import { livePeer } from './peer/python.ts'

/** Once every camera was looked at, this passes before CPU time is counted: models and decoders are warm then. */
const SETTLE_S = 3
/** The cameras of a loaded machine have to come within this time. */
const MOST_START_MS = 120_000

/** What a program gave that watched cameras for the length of their loops. */
export interface LiveRun {
  /** CPU milliseconds of all its processes for a second of one camera's video, without the start. */
  readonly msPerSecond: number
  /** Analysed frames of a second of one camera's video. */
  readonly framesPerSecond: number
  /** Of each scene, in order, from the loop's first picture on: `seq` counts the stream's pictures. */
  readonly looks: readonly (readonly Look[])[]
}

/** One that watches, and how its lines are read. */
interface Watcher {
  start(cameras: readonly (readonly [string, string])[], onLine: (line: string) => void): LiveProgram
  /** Takes a line. Returns the camera of an analysed frame. */
  saw(line: string): string | undefined
  looks(camera: string): readonly Look[]
}

/** Numbers the pictures of a stream, of which only the place in the loop is known, and which come in order. */
export const countPasses = (frames: number) => {
  let [passes, last] = [0, 0]
  return (place: number): number => {
    if (place < last - frames / 2) passes++
    last = place
    return passes * frames + place
  }
}

type ShownAt = (camera: string, unixMs: number) => number | null

/** The real program. Frames before the camera's clock is known have no place in the loop. */
const ours = (scenes: readonly LiveScene[], keys: CameraKeys, shownAt: ShownAt): Watcher => {
  const events: RollcallEvent[] = []
  const numbers = new Map(scenes.map(({ name, facesOf }) => [name, countPasses(facesOf.length)]))
  return {
    start: (cameras, onLine) => startRollcall(cameras, keys, onLine),
    saw: (line) => {
      const event = JSON.parse(line) as RollcallEvent
      if (event.type !== 'rollcall.frame.v1') {
        events.push(event)
        return undefined
      }
      const { camera, capturedAtMs, clock } = event.data
      const place = clock === 'camera' ? shownAt(camera, capturedAtMs) : null
      const seq = place === null ? undefined : numbers.get(camera)?.(place)
      if (seq !== undefined) events.push({ ...event, data: { ...event.data, seq, capturedAtMs: seq * 40 } })
      return camera
    },
    looks: (camera) => looksOf(events, camera),
  }
}

/** The Python program of `bench/peer`. */
const peer = (python: string): Watcher => {
  const looks = new Map<string, Look[]>()
  return {
    start: (cameras, onLine) => startProgram(python, livePeer(cameras), onLine),
    saw: (line) => {
      const { camera, frame: seq, faces } = JSON.parse(line) as PeerLine
      const named = faces.map(({ track, person, box: [x, y, width, height] }) => ({
        track: `${track}`,
        person: person === null ? null : `${person}`,
        box: { x, y, width, height },
      }))
      const before = looks.get(camera) ?? []
      before.push({ seq, capturedAtMs: seq * 40, faces: named })
      looks.set(camera, before)
      return camera
    },
    looks: (camera) => looks.get(camera) ?? [],
  }
}

interface PeerLine {
  readonly camera: string
  readonly frame: number
  readonly faces: readonly {
    readonly track: number
    readonly person: number | null
    readonly box: readonly [number, number, number, number]
  }[]
}

/** Watches the scenes, which have the same length, for one pass of their loops. `by`: a Python with the peer's packages, or keys of ours. */
export const runLive = async (
  scenes: readonly LiveScene[],
  by: { readonly python: string } | { readonly keys: CameraKeys },
): Promise<LiveRun> => {
  await using owned = new AsyncDisposableStack()
  const server = owned.adopt(await startRtspServer(), (started) => started.close())
  const cameras = new Map(scenes.map(({ name, loop }) => [name, server.addCamera(name, { loop })]))
  const shownAt: ShownAt = (camera, unixMs) => cameras.get(camera)?.shownAt(unixMs) ?? null
  const watcher = 'python' in by ? peer(by.python) : ours(scenes, by.keys, shownAt)
  const counts = new Map<string, number>()
  const program = owned.use(
    watcher.start(
      scenes.map(({ name }) => [name, server.url(name)]),
      (line) => {
        const camera = watcher.saw(line)
        if (camera !== undefined) counts.set(camera, (counts.get(camera) ?? 0) + 1)
      },
    ),
  )
  const started = performance.now()
  while (counts.size < scenes.length) {
    program.check()
    if (performance.now() - started > MOST_START_MS) throw new Error('not every camera has given a picture')
    await sleep(50)
  }
  await sleep(SETTLE_S * 1000)
  const frames = () => [...counts.values()].reduce((sum, count) => sum + count, 0)
  const [usedMs, seen, fromMs] = [treeCpuMsOf(program.pid), frames(), performance.now()]
  const [{ facesOf } = { facesOf: [] }] = scenes
  await sleep(facesOf.length * 40)
  program.check()
  const cameraSeconds = ((performance.now() - fromMs) / 1000) * scenes.length
  return {
    msPerSecond: (treeCpuMsOf(program.pid) - usedMs) / cameraSeconds,
    framesPerSecond: (frames() - seen) / cameraSeconds,
    looks: scenes.map(({ name }) => watcher.looks(name)),
  }
}
