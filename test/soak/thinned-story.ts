import { seededRandom } from '../../src/math/seeded-random.ts'
import type { CameraId, FrameStamp } from '../../src/types.ts'
import type { Look, LoopLooks } from './looks.ts'
import { startMs } from './story.ts'

/** One picture that a busy machine analyses, in the order of capture. */
export interface ThinnedFrame {
  readonly stamp: FrameStamp
  readonly look: Look
  readonly loop: LoopLooks
}

/** What is thinned, and how much. */
export interface ThinnedWanted {
  readonly seconds: number
  readonly seed: number
  /** Pictures a second and camera while nothing changes, at most those that the loops have. */
  readonly fps: number
  /** The loops are somewhere in this first share of them at the start; 1: anywhere. */
  readonly startShare: number
}

/** So long a camera keeps its rate, in milliseconds, at least and at most; then the machine has more or less to do. */
const steady = [1500, 6000] as const
/** A camera's rate is the wanted one times between this and its inverse. */
const swing = 2
/** The share of these times in which the pictures come in bursts: some at the full rate, then none for a while. */
const burstShare = 0.25
const mostInBurst = 8

interface Camera {
  readonly loop: LoopLooks
  readonly name: CameraId
  /** Pictures the loop has, and the time from one to the next. */
  readonly looks: readonly Look[]
  readonly frameMs: number
  /** Where in the loop the camera was at the start. */
  readonly phase: number
  at: number
  seq: number
  rate: number
  steadyUntilMs: number
  isBurst: boolean
  leftInBurst: number
}

/**
 * The loops on one camera each, all from one instant on, as a machine that is busy with other things analyses them: every
 * camera at a rate of its own that changes, now and then in bursts. Deterministic in the seed.
 */
export const thinnedStory = function* (loops: readonly LoopLooks[], wanted: ThinnedWanted): Generator<ThinnedFrame> {
  const random = seededRandom(wanted.seed)
  const between = (from: number, to: number): number => from + (to - from) * random()
  const start = random() * wanted.startShare
  const cameras = loops.map((loop): Camera => {
    const looks = loop.looks.plain ?? []
    const frameMs = loop.durationMs / looks.length
    const phase = Math.floor((start * loop.durationMs) / frameMs)
    const at = Math.floor(random() * (1000 / wanted.fps / frameMs))
    const live = { seq: 0, rate: wanted.fps, steadyUntilMs: 0, isBurst: false, leftInBurst: 0 }
    return { loop, name: loop.name, looks, frameMs, phase, at, ...live }
  })
  /** How many pictures of the loop lie between this one and the next that is analysed; this one counts. */
  const nextStep = (camera: Camera): number => {
    const { frameMs } = camera
    if (camera.at * frameMs >= camera.steadyUntilMs) {
      camera.steadyUntilMs = camera.at * frameMs + between(...steady)
      camera.rate = wanted.fps * swing ** between(-1, 1)
      camera.isBurst = random() < burstShare
      camera.leftInBurst = 0
    }
    const mean = Math.max(1, 1000 / camera.rate / frameMs)
    if (!camera.isBurst) return Math.max(1, Math.round(mean * between(0.6, 1.4)))
    if (camera.leftInBurst > 0) {
      camera.leftInBurst--
      return 1
    }
    camera.leftInBurst = 1 + Math.floor(random() * mostInBurst)
    return Math.max(1, Math.round(mean * (camera.leftInBurst + 1) * between(0.6, 1.4)))
  }
  for (;;) {
    const camera = cameras.reduce((first, each) => (each.at * each.frameMs < first.at * first.frameMs ? each : first))
    const { loop, name, looks, frameMs, at, phase } = camera
    const mediaMs = Math.round(at * frameMs)
    if (mediaMs >= wanted.seconds * 1000) return
    const look = looks[(phase + at) % looks.length]
    const stamp = { camera: name, stream: 's', seq: camera.seq++, ptsUs: 1000 * mediaMs }
    if (look) yield { stamp: { ...stamp, capturedAtMs: startMs + mediaMs, clock: 'camera' }, look, loop }
    camera.at += nextStep(camera)
  }
}
