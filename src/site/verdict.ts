import type { Exit } from '../ipc/child.ts'
import { HEALTHY_AFTER_MS } from '../ipc/supervise.ts'
import type { CameraId } from '../types.ts'
import { DEATHS_COUNT_FOR_MS, type Death, REPEATED, recentDeaths, suspectsOf, weightOfDeaths } from './suspects.ts'

/** What becomes of a camera whose vision process died. */
export interface Affected {
  readonly camera: CameraId
  /**
   * `again`: with the others, or with fewer of them. `quarantined`: it was the only one, again and again; it is tried
   * in a process of its own after a pause. `given up`: a recording that will not be read to its end.
   */
  readonly fate: 'again' | 'quarantined' | 'given up'
  /** Until a process has it again, milliseconds; null when none will. */
  readonly retryInMs: number | null
  /** How often its process has died in the last ten minutes. */
  readonly deaths: number
}

/** What is done after a death. */
export type Verdict =
  | { readonly action: 'again' }
  | { readonly action: 'split'; readonly suspects: readonly CameraId[] }
  | { readonly action: 'quarantine'; readonly pauseMs: number; readonly quarantines: number }
  | { readonly action: 'give up' }

/** A live camera is tried again 30 s after its second crash, then after twice as long each time, at most an hour. */
const FIRST_PAUSE_MS = 30_000
const LONGEST_PAUSE_MS = 3_600_000
/** With pauses of 15 s at most this is two minutes. A recording does not wait longer for a process. */
const MOST_FAILED_STARTS = 12

/** What is known when a process died. */
export interface Inquest {
  /** The cameras of the process that have not ended; at least one. */
  readonly cameras: readonly CameraId[]
  /** Its deaths, the last one included. */
  readonly deaths: readonly Death[]
  /** Whether it was split before; then one crash more is enough to split it again. */
  readonly isSuspect: boolean
  /** Quarantines in a row, each after a short life. */
  readonly quarantines: number
  /** Starts that failed, in a row. */
  readonly failedStarts: number
  readonly exit: Exit
  readonly nowMs: number
  readonly livedMs: number
  readonly untilEnd: boolean
  /** Whether there is room for one more process. */
  readonly maySplit: boolean
  readonly guiltyBefore: ReadonlySet<CameraId>
}

/**
 * Decides what to do after a death.
 *
 *   first death       the same cameras again
 *   repeated          the most suspect cameras get another process; each half is judged by itself, sooner
 *   repeated, alone   quarantine; a recording is given up
 */
export const judge = (inquest: Inquest): Verdict => {
  const { exit, cameras, deaths, nowMs, livedMs, untilEnd } = inquest
  if (exit.failure !== null) {
    return untilEnd && inquest.failedStarts >= MOST_FAILED_STARTS ? { action: 'give up' } : { action: 'again' }
  }
  const weight = weightOfDeaths(deaths, nowMs)
  const isAlone = cameras.length === 1
  const wasQuarantined = inquest.quarantines > 0 && livedMs < DEATHS_COUNT_FOR_MS
  if (isAlone && (weight >= REPEATED || wasQuarantined)) {
    if (untilEnd) return { action: 'give up' }
    const earlier = livedMs > HEALTHY_AFTER_MS ? 0 : inquest.quarantines
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** earlier)
    return { action: 'quarantine', pauseMs, quarantines: earlier + 1 }
  }
  const enough = inquest.isSuspect && livedMs < DEATHS_COUNT_FOR_MS ? 1 : REPEATED
  if (isAlone || weight < enough || !inquest.maySplit) return { action: 'again' }
  return { action: 'split', suspects: suspectsOf(cameras, recentDeaths(deaths, nowMs), inquest.guiltyBefore) }
}
