import type { PipelineStats } from '../../native/index.js'
import type { Picture } from '../types.ts'
import type { CameraOptions } from './options.ts'

/**
 * `starting`: no frame yet. `moving`: all is well. `unchanged`: frames come, but all show exactly the same picture.
 * `keyless`: the camera sends, but no key frame, so nothing can be decoded. `overloaded`: it sends, and this machine decodes
 * or analyses nothing in time. `timeout`: no first frame in time. `stalled`: frames have stopped. The last two end a
 * connection.
 */
export type Health = 'starting' | 'moving' | 'unchanged' | 'keyless' | 'overloaded' | 'timeout' | 'stalled'

/** What a connection has done so far. */
export type Arrivals = Pick<
  PipelineStats,
  'decoded' | 'taken' | 'dropped' | 'sinceLastFrameMs' | 'sinceLastUnitMs' | 'keys' | 'lagMs' | 'skipped'
>

/** Tells the health of one connection. All times are from one monotonic clock, milliseconds. */
export interface Watchdog {
  /** Notes the picture of a frame that was taken. */
  saw(picture: Picture, atMs: number): void
  /** Called at intervals. */
  health(nowMs: number, arrivals: Arrivals): Health
  /** Milliseconds since the last key frame, or since the opening. */
  withoutKeyMs(nowMs: number): number
}

type WatchdogOptions = Pick<CameraOptions, 'connectTimeoutMs' | 'stallAfterMs' | 'frozenAfterMs'>

/** A unit that waits for so long waits for this machine. */
const LATE_MS = 1000
/** A decoder that gives nothing for so long, while others refer to it, hangs. No load lasts so long for one picture. */
const HUNG_MS = 60_000

/** After so many times `stallAfterMs` without a frame from units that all were decoded, no frame is expected of them. */
const FED_IN_VAIN = 2

/** Silence is believed after so many times its limit, even when this machine is late itself. */
const MOST_DOUBT = 3

/**
 * Notices what GStreamer does not report: silence over UDP, a camera whose RTCP goes on without pictures, an encoder
 * that repeats one picture. A camera that sends is not silent, however late this machine is. One for each connection;
 * `lookEveryMs` is how often `health` is called. When it is called late, this machine is, and silence is not believed yet.
 */
export const createWatchdog = (options: WatchdogOptions, openedAtMs: number, lookEveryMs: number): Watchdog => {
  const { stallAfterMs, connectTimeoutMs, frozenAfterMs } = options
  const picture = createPictureWatch(openedAtMs)
  const queue = createQueueWatch(stallAfterMs)
  const keyAtMs = createChangeWatch(openedAtMs)
  const behindAtMs = createChangeWatch(Number.NEGATIVE_INFINITY)
  const unwantedAtMs = createChangeWatch(Number.NEGATIVE_INFINITY)
  const brokenAtMs = createChangeWatch(Number.NEGATIVE_INFINITY)
  let lookedAtMs = openedAtMs
  let overloadedAtMs = Number.NEGATIVE_INFINITY

  /** What it means that there has been no frame for `quietMs`. */
  const meaning = (nowMs: number, quietMs: number, arrivals: Arrivals, isOnTime: boolean): Health => {
    const [over, limitMs] =
      arrivals.sinceLastFrameMs === null
        ? (['timeout', connectTimeoutMs] as const)
        : (['stalled', stallAfterMs] as const)
    const isSilent = arrivals.sinceLastUnitMs === null || arrivals.sinceLastUnitMs >= stallAfterMs
    if (isSilent) return isOnTime || quietMs >= MOST_DOUBT * limitMs ? over : 'starting'
    const sinceMs = nowMs - quietMs
    if (unwantedAtMs.at() > sinceMs) return 'moving'
    const isLate = arrivals.lagMs >= LATE_MS || behindAtMs.at() > sinceMs
    if (isLate) return quietMs < Math.max(HUNG_MS, MOST_DOUBT * limitMs) ? 'overloaded' : over
    if (arrivals.keys > 0 && keyAtMs.at() > sinceMs) return over
    // Units that wait for a key frame are left out. When all are decoded instead, and nothing comes of them, they are no pictures.
    const isFed = over === 'stalled' && nowMs - Math.max(brokenAtMs.at(), sinceMs) >= FED_IN_VAIN * stallAfterMs
    return isFed ? over : 'keyless'
  }
  const look = (nowMs: number, arrivals: Arrivals, isOnTime: boolean): Health => {
    const { sinceLastFrameMs } = arrivals
    const quietMs = sinceLastFrameMs ?? nowMs - openedAtMs
    if (quietMs >= (sinceLastFrameMs === null ? connectTimeoutMs : stallAfterMs))
      return meaning(nowMs, quietMs, arrivals, isOnTime)
    if (sinceLastFrameMs === null) return 'starting'
    if (queue.isStuck(nowMs, arrivals)) return 'overloaded'
    return frozenAfterMs > 0 && picture.unchangedMs() >= frozenAfterMs ? 'unchanged' : 'moving'
  }

  return {
    saw: picture.saw,
    withoutKeyMs: (nowMs) => nowMs - keyAtMs.at(),
    health: (nowMs, arrivals) => {
      const isOnTime = nowMs - lookedAtMs <= 2 * lookEveryMs
      lookedAtMs = nowMs
      keyAtMs.note(arrivals.keys, nowMs)
      behindAtMs.note(arrivals.skipped.behind + arrivals.skipped.disposable, nowMs)
      unwantedAtMs.note(arrivals.skipped.policy, nowMs)
      brokenAtMs.note(arrivals.skipped.broken, nowMs)
      const health = look(nowMs, arrivals, isOnTime)
      if (health === 'overloaded') overloadedAtMs = nowMs
      // It has to keep up for twice as long, or the state would change with every picture.
      return health === 'moving' && nowMs - overloadedAtMs < 2 * stallAfterMs ? 'overloaded' : health
    },
  }
}

/** When a count changed last; `startMs` until it does. */
const createChangeWatch = (startMs: number) => {
  let count = 0
  let atMs = startMs
  return {
    at: (): number => atMs,
    note: (now: number, nowMs: number): void => {
      if (now !== count) atMs = nowMs
      count = now
    },
  }
}

/** Whether a decoded frame is never taken, nor replaced. */
const createQueueWatch = (limitMs: number) => {
  let taken = 0
  let sinceMs: number | null = null
  return {
    isStuck: (nowMs: number, arrivals: Arrivals): boolean => {
      const isWaiting = arrivals.decoded > arrivals.taken + arrivals.dropped && arrivals.taken === taken
      taken = arrivals.taken
      sinceMs = isWaiting ? (sinceMs ?? nowMs) : null
      return sinceMs !== null && nowMs - sinceMs >= limitMs
    },
  }
}

/** For how long all frames have shown the same. Measured between frames that were taken: nothing is known of others. */
const createPictureWatch = (openedAtMs: number) => {
  let hash: number | null = null
  let changedAtMs = openedAtMs
  let seenAtMs = openedAtMs
  return {
    unchangedMs: (): number => seenAtMs - changedAtMs,
    saw: (picture: Picture, atMs: number): void => {
      const now = hashOf(picture)
      if (now !== hash) changedAtMs = atMs
      hash = now
      seenAtMs = atMs
    },
  }
}

/** Bytes between samples. It is prime, so the samples are spread over columns and colours. */
const SAMPLE_EVERY = 61

/**
 * FNV-1a over the size and a sample of the bytes. Only exactly equal pictures count as frozen, because a quiet scene is
 * not: a sensor's noise changes some bytes within seconds. 10 µs for 640×360.
 */
export const hashOf = ({ data, width, height }: Picture): number => {
  let hash = 0x811c9dc5 ^ (width * 65_537 + height)
  for (let i = 0; i < data.length; i += SAMPLE_EVERY) hash = Math.imul(hash ^ data[i], 0x01000193)
  return hash >>> 0
}
