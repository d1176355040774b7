import type { MediaMs } from '../types.ts'

/** After the first surprise; twice as long after each that follows it. */
const FIRST_MS = 60_000
const MOST_MS = 3_600_000

/**
 * Whether a sleeping camera's pictures and their sizes tell when somebody comes, by experience. Who is found in a key frame while the
 * camera sleeps came without a sign: for a while it does not sleep then. Times are of capture. Does not change.
 */
export interface SleepDoubt {
  /** Somebody was found on a camera that dozed: asleep, or awakened by a sign. */
  found(atMs: MediaMs, isAsleep: boolean): SleepDoubt
  /** Whether the camera had better not sleep. */
  holds(nowMs: MediaMs): boolean
}

const doubtOf = (surprises: number, sinceMs: MediaMs): SleepDoubt => ({
  found: (atMs, isAsleep) => (isAsleep ? doubtOf(surprises + 1, atMs) : noDoubt),
  // A clock that goes back begins anew.
  holds: (nowMs) =>
    surprises > 0 && nowMs >= sinceMs && nowMs - sinceMs < Math.min(MOST_MS, FIRST_MS * 2 ** (surprises - 1)),
})

/** Of a camera that has not surprised. */
export const noDoubt: SleepDoubt = doubtOf(0, 0)
