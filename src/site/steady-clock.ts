import type { WallMs } from '../types.ts'

export interface SteadyClock {
  /** The time of day, or null while it is in doubt. Ask it about once a minute: a jump shows as a step between two calls. */
  read(): WallMs | null
}

export interface SteadyClockParts {
  /** The time of day, which may jump: a wrong clock that is set right, NTP at boot, a resumed laptop. */
  readonly wallMs: () => WallMs
  /** Milliseconds since any moment, which never jump. */
  readonly elapsedMs: () => number
  /** The last time that an earlier run believed; null when there is none. */
  readonly lastMs: WallMs | null
}

/** More than clocks drift between two calls, and less than anything that matters to a rule of days. */
const TOLERANCE_MS = 30_000

/** A run may begin so long after the last believed time: restarts take minutes. */
const RESTART_MS = 600_000

/** A jump is believed when the clock has shown no other for so long. */
const STEADY_MS = 3_600_000

/**
 * A time of day on which people may be deleted. The clock is believed when it goes on from the last believed time as fast
 * as the monotonic one. After a jump in either direction (and at a start long after the last run, or with nothing
 * saved) it is in doubt until it has been steady for an hour. Doubt costs an hour's delay; a wrong date would cost people.
 */
export const createSteadyClock = ({ wallMs, elapsedMs, lastMs }: SteadyClockParts): SteadyClock => {
  /** The time of day minus the monotonic time: believed, and not yet. */
  let believed: number | null = null
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
