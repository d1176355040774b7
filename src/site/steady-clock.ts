import type { WallMs } from '../types.ts'

/** A time of day on which people may be deleted. */
export interface SteadyClock {
  /**
   * The time of day, or null while it is in doubt. Call it about once a minute: a jump shows as a step between two
   * calls.
   */
  read(): WallMs | null
}

/** The two clocks that are compared. */
export interface SteadyClockParts {
  /** The time of day. It may jump: somebody sets it, NTP corrects it at boot, a laptop resumes. */
  readonly wallMs: () => WallMs
  /** Milliseconds since any moment, which never jump. */
  readonly elapsedMs: () => number
  /** The last time that an earlier run believed; null when there is none. */
  readonly lastMs: WallMs | null
}

/** More than clocks drift between two calls, and far less than the days that retention counts. */
const TOLERANCE_MS = 30_000

/** A start this long after the last believed time is a restart, and its clock is believed. */
const RESTART_MS = 600_000

/** A clock that jumped is believed when it has not jumped again for so long. */
const STEADY_MS = 3_600_000

/**
 * Believes the clock while it advances from the last believed time as fast as the monotonic clock. After a jump in either
 * direction it is in doubt until it has been steady for an hour; so it is at a start long after the last run, or without a
 * saved time. Doubt costs an hour's delay; a wrong date would cost people.
 */
export const createSteadyClock = ({ wallMs, elapsedMs, lastMs }: SteadyClockParts): SteadyClock => {
  /** The time of day minus the monotonic time, when it is believed. */
  let believed: number | null = null
  /** The same after a jump, and since when the clock has been steady. */
  let doubted: { offsetMs: number; readonly sinceMs: number } | null = null
  const startMs = elapsedMs()

  const isExpected = (offsetMs: number): boolean => {
    if (believed !== null) return Math.abs(offsetMs - believed) <= TOLERANCE_MS
    if (lastMs === null) return false
    const sinceLastMs = offsetMs + startMs - lastMs
    return sinceLastMs >= -TOLERANCE_MS && sinceLastMs <= RESTART_MS
  }
  const believe = (offsetMs: number): void => {
    believed = offsetMs
    doubted = null
  }

  return {
    read: () => {
      const nowMs = elapsedMs()
      const offsetMs = wallMs() - nowMs
      if (isExpected(offsetMs)) {
        believe(offsetMs)
      } else if (doubted === null || !(Math.abs(offsetMs - doubted.offsetMs) <= TOLERANCE_MS)) {
        doubted = { offsetMs, sinceMs: nowMs }
      } else {
        doubted.offsetMs = offsetMs
        if (nowMs - doubted.sinceMs >= STEADY_MS) believe(offsetMs)
      }
      return doubted === null ? offsetMs + nowMs : null
    },
  }
}
