import type { Picture } from '../types.ts'
import type { CameraOptions } from './options.ts'

/**
 * `starting`: no frame yet. `timeout`: no first frame in time. `moving`: all is well. `unchanged`: frames come, but all
 * show exactly the same picture. `stalled`: frames have stopped.
 */
export type Health = 'starting' | 'moving' | 'unchanged' | 'timeout' | 'stalled'

/** Tells the health of one connection. All times are from one monotonic clock, milliseconds. */
export interface Watchdog {
  /** Notes the picture of a frame that was taken. */
  saw(picture: Picture, atMs: number): void
  /** `sinceLastFrameMs` is the time since a frame was decoded; null before the first. */
  health(nowMs: number, sinceLastFrameMs: number | null): Health
}

type WatchdogOptions = Pick<CameraOptions, 'connectTimeoutMs' | 'stallAfterMs' | 'frozenAfterMs'>

/**
 * Notices what GStreamer does not report: silence over UDP, a camera whose RTCP goes on without pictures, an encoder
 * that repeats one picture. One for each connection.
 */
export const createWatchdog = (options: WatchdogOptions, openedAtMs: number): Watchdog => {
  let hash: number | null = null
  let changedAtMs = openedAtMs
  let seenAtMs = openedAtMs
  return {
    saw: (picture, atMs) => {
      const now = hashOf(picture)
      if (now !== hash) changedAtMs = atMs
      hash = now
      seenAtMs = atMs
    },
    health: (nowMs, sinceLastFrameMs) => {
      if (sinceLastFrameMs === null) return nowMs - openedAtMs >= options.connectTimeoutMs ? 'timeout' : 'starting'
      if (sinceLastFrameMs >= options.stallAfterMs) return 'stalled'
      // Measured between frames that were taken. While none is taken, nothing is known.
      const unchangedMs = seenAtMs - changedAtMs
      return options.frozenAfterMs > 0 && unchangedMs >= options.frozenAfterMs ? 'unchanged' : 'moving'
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
