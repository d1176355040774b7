import type { Picture } from '../types.ts'
import type { CameraOptions } from './options.ts'

/**
 * `starting`: no frame yet, in time. `timeout`: no first frame in time. `stalled`: frames no longer come.
 * `unchanged`: frames come, but all show the very same picture.
 */
export type Health = 'starting' | 'moving' | 'unchanged' | 'timeout' | 'stalled'

export interface Watchdog {
  /** A frame was looked at. */
  saw(picture: Picture, atMs: number): void
  /** `sinceLastFrameMs` since a frame was decoded, null before the first. */
  health(nowMs: number, sinceLastFrameMs: number | null): Health
}

type WatchdogOptions = Pick<CameraOptions, 'connectTimeoutMs' | 'stallAfterMs' | 'frozenAfterMs'>

/**
 * Notices what GStreamer never says: silence over UDP, a camera whose RTCP goes on without pictures, an encoder that sends
 * the same picture for ever. One a connection; all times are from the same monotonic clock.
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
      // Measured between frames looked at: while nobody looks, nothing is known.
      const unchangedMs = seenAtMs - changedAtMs
      return options.frozenAfterMs > 0 && unchangedMs >= options.frozenAfterMs ? 'unchanged' : 'moving'
    },
  }
}

/** Bytes between samples: prime, so that they wander over the columns and the three colours. */
const SAMPLE_EVERY = 61

/**
 * FNV-1a over a sample of the bytes, and the size. Exactly equal, because a quiet scene is not a frozen one: a living
 * sensor's noise changes some bytes within seconds. 10 µs for 640×360.
 */
export const hashOf = ({ data, width, height }: Picture): number => {
  let hash = 0x811c9dc5 ^ (width * 65_537 + height)
  for (let i = 0; i < data.length; i += SAMPLE_EVERY) hash = Math.imul(hash ^ data[i], 0x01000193)
  return hash >>> 0
}
