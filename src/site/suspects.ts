/**
 * Which camera makes a vision process die? Nothing says so directly: a decoder crashes in a thread of its own, and takes
 * the process with it. So deaths are counted, cameras are ranked by what they did just before, and the most suspect ones
 * get a process of their own until one camera is left.
 */
import type { Exit } from '../ipc/child.ts'
import type { CameraId, CameraState } from '../types.ts'

/** What a camera was doing when its process died. */
export interface Doing {
  /** Undefined when it had not said anything yet. */
  readonly state: CameraState | undefined
  /** How long it had been in this state, milliseconds. */
  readonly sinceMs: number
}

/** One death of a vision process. */
export interface Death {
  readonly atMs: number
  /** How much it says about the cameras: 1 for a crash, less when somebody else may have killed it. */
  readonly weight: number
  readonly doing: ReadonlyMap<CameraId, Doing>
}

/** Deaths older than this are forgotten. */
export const DEATHS_COUNT_FOR_MS = 10 * 60_000
/** Two crashes are no accident. */
export const REPEATED = 2
/** Somebody who kills a process is not a camera, but what kills it eight times may be about one: its memory, say. */
const KILLED_WEIGHT = 0.25

/** Signals that come from outside, unless it was the kernel for want of memory. */
const fromOutside: ReadonlySet<string | null> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'])

/**
 * The weight of a death. A process that could not be started says nothing about its cameras; one that hung or was
 * killed by the kernel for want of memory (`outOfMemory`) says as much as one that crashed.
 */
export const deathWeight = (exit: Exit, outOfMemory: boolean): number => {
  if (exit.failure !== null) return 0
  if (exit.isStopped) return KILLED_WEIGHT
  if (exit.hung !== null || outOfMemory) return 1
  return fromOutside.has(exit.signal) ? KILLED_WEIGHT : 1
}

/** The sum of the weights of the deaths that still count. */
export const weightOfDeaths = (deaths: readonly Death[], nowMs: number): number =>
  recentDeaths(deaths, nowMs).reduce((sum, { weight }) => sum + weight, 0)

/** The deaths that still count. */
export const recentDeaths = (deaths: readonly Death[], nowMs: number): readonly Death[] =>
  deaths.filter(({ atMs }) => nowMs - atMs < DEATHS_COUNT_FOR_MS)

/** Most crashes come with the first pictures: the format is negotiated then, and the decoder sees the stream. */
const FIRST_PICTURES_MS = 3000

/** 0–3: how likely it is that a camera that did this made its process die. */
const suspicion = ({ state, sinceMs }: Doing): number => {
  if (state === 'offline' || state === 'ended') return 0
  if (state === undefined || state === 'opening') return 3
  return sinceMs < FIRST_PICTURES_MS ? 2 : 1
}

/**
 * The cameras that get a process of their own, because they are the most suspect: those that stand out in all deaths,
 * at most half. Cameras that were found guilty before come first. Never empty, and never all, for two cameras and more.
 */
export const suspectsOf = (
  cameras: readonly CameraId[],
  deaths: readonly Death[],
  guiltyBefore: ReadonlySet<CameraId>,
): readonly CameraId[] => {
  const score = (camera: CameraId): number =>
    deaths.reduce(
      (sum, { weight, doing }) => sum + weight * suspicion(doing.get(camera) ?? { state: undefined, sinceMs: 0 }),
      guiltyBefore.has(camera) ? 1000 : 0,
    )
  const scores = new Map(cameras.map((camera) => [camera, score(camera)]))
  const highest = Math.max(...scores.values())
  const half = Math.max(1, Math.floor(cameras.length / 2))
  return cameras.filter((camera) => scores.get(camera) === highest).slice(0, half)
}
