import { seededRandom } from '../../src/math/seeded-random.ts'
import type { CameraChange, CameraId, FrameStamp } from '../../src/types.ts'
import type { Condition } from './degrade.ts'
import type { Look, LoopLooks } from './looks.ts'

/** What happens next at the site, in the order of time. */
export type Step =
  | { readonly type: 'frame'; readonly stamp: FrameStamp; readonly look: Look; readonly loop: LoopLooks }
  | { readonly type: 'change'; readonly change: CameraChange }
  /** The identity process goes and comes back; `kill`: without a word. */
  | { readonly type: 'restart'; readonly atMs: number; readonly kill: boolean }
  /** The vision process goes and comes back: every camera begins a new stream. */
  | { readonly type: 'visionRestart'; readonly atMs: number }

export interface StoryWanted {
  readonly hours: number
  readonly seed: number
  /** Pictures analysed a second when nothing is wrong. */
  readonly fps: number
  /** False: nothing ever goes wrong, the loops only repeat. */
  readonly troubles: boolean
}

/** A Monday morning. */
export const startMs = 1_772_443_800_000
const minuteMs = 60_000
/** Sampling is never even: this share of the time between two pictures. */
const jitter = 0.25
/** From one trouble of a camera to the next, and from one restart to the next, on average. */
const troubleEveryMs = 6 * minuteMs
const restartEveryMs = 25 * minuteMs
/** Of each hour the site is starved of CPU, and in the dark, from minute to minute. */
const starved = [20, 25] as const
const dark = [45, 55] as const

type Trouble = 'outage' | 'gap' | 'overload' | 'blurred' | 'coarse' | 'night'
const troubles: readonly Trouble[] = ['outage', 'gap', 'overload', 'blurred', 'coarse', 'night']
/** How long each lasts, in seconds, at least and at most. */
const lasts: Readonly<Record<Trouble, readonly [number, number]>> = {
  outage: [5, 90],
  gap: [2, 8],
  overload: [20, 90],
  blurred: [20, 120],
  coarse: [20, 120],
  night: [30, 120],
}

interface Camera {
  readonly loop: LoopLooks
  readonly name: CameraId
  stream: number
  seq: number
  nextMs: number
  trouble: { readonly kind: Trouble; readonly untilMs: number } | null
  troubleMs: number
  isOffline: boolean
}

const isWithin = (atMs: number, [from, until]: readonly [number, number]): boolean => {
  const minute = ((atMs - startMs) / minuteMs) % 60
  return minute >= from && minute < until
}

const conditionAt = ({ trouble }: Camera, atMs: number): Condition => {
  if (trouble?.kind === 'blurred' || trouble?.kind === 'coarse' || trouble?.kind === 'night') return trouble.kind
  return isWithin(atMs, dark) ? 'night' : 'plain'
}

/** The loops play without end, each from its own camera; when a picture is taken, and how good it is, chance says. */
export const tellStory = function* (loops: readonly LoopLooks[], wanted: StoryWanted): Generator<Step> {
  const random = seededRandom(wanted.seed)
  const between = (from: number, to: number): number => from + (to - from) * random()
  const soon = (meanMs: number): number => -meanMs * Math.log(1 - random())
  const stepMs = 1000 / wanted.fps
  const endMs = startMs + wanted.hours * 60 * minuteMs
  const cameras = loops.map((loop): Camera => {
    const nextMs = startMs + stepMs * random()
    const troubleMs = wanted.troubles ? nextMs + soon(troubleEveryMs) : Infinity
    return { loop, name: loop.name, stream: 0, seq: 0, nextMs, trouble: null, troubleMs, isOffline: false }
  })
  let restartMs = wanted.troubles ? startMs + soon(restartEveryMs) : Infinity
  let restarts = 0

  const changeOf = (camera: Camera, state: CameraChange['state'], atMs: number): Step => ({
    type: 'change',
    change: { camera: camera.name, state, atMs, reason: 'as the story has it' },
  })
  const beginStream = (camera: Camera): void => {
    camera.stream++
    camera.seq = 0
  }
  const startTrouble = (camera: Camera, atMs: number): void => {
    const kind = troubles[Math.floor(random() * troubles.length)] as Trouble
    camera.trouble = { kind, untilMs: Math.ceil(atMs + 1000 * between(...lasts[kind])) }
    camera.troubleMs = camera.trouble.untilMs + soon(troubleEveryMs)
  }
  const frameOf = (camera: Camera, atMs: number): Step | null => {
    const { loop, name, seq } = camera
    const looks = loop.looks[conditionAt(camera, atMs)] ?? loop.looks.plain ?? []
    const share = ((atMs - startMs) % loop.durationMs) / loop.durationMs
    const look = looks[Math.floor(share * looks.length)]
    camera.seq++
    const stamp = { camera: name, stream: `s${camera.stream}`, seq, ptsUs: 1000 * (atMs - startMs), capturedAtMs: atMs }
    return look ? { type: 'frame', stamp: { ...stamp, clock: 'camera' }, look, loop } : null
  }
  const nextGap = ({ trouble }: Camera, atMs: number): number => {
    const starving = wanted.troubles && isWithin(atMs, starved)
    const slower = trouble?.kind === 'overload' || starving ? between(2, 8) : 1
    return stepMs * slower * between(1 - jitter, 1 + jitter)
  }

  for (const camera of cameras) yield changeOf(camera, 'online', startMs)
  for (;;) {
    const camera = cameras.reduce((first, each) => (each.nextMs < first.nextMs ? each : first))
    const atMs = Math.round(camera.nextMs)
    if (atMs >= endMs) return
    if (atMs >= restartMs) {
      // Identity and vision in turn; identity now in an orderly way, now not.
      if (restarts % 2 === 0) yield { type: 'restart', atMs, kill: restarts % 4 === 2 }
      else yield { type: 'visionRestart', atMs }
      if (restarts % 2 === 1) for (const each of cameras) beginStream(each)
      restarts++
      restartMs = atMs + soon(restartEveryMs)
    }
    if (camera.trouble && atMs >= camera.trouble.untilMs) camera.trouble = null
    if (atMs >= camera.troubleMs) startTrouble(camera, atMs)
    const { trouble } = camera
    if (trouble?.kind === 'outage' || trouble?.kind === 'gap') {
      const isOutage = trouble.kind === 'outage'
      if (isOutage) yield changeOf(camera, 'offline', atMs)
      camera.isOffline = isOutage
      camera.nextMs = trouble.untilMs
      continue
    }
    if (camera.isOffline) {
      camera.isOffline = false
      beginStream(camera)
      yield changeOf(camera, 'online', atMs)
    }
    const step = frameOf(camera, atMs)
    if (step) yield step
    camera.nextMs = atMs + nextGap(camera, atMs)
  }
}
