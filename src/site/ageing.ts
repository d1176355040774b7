import { asyncScheduler, type SchedulerLike } from 'rxjs'
import type { Log, WallMs } from '../types.ts'
import { createSteadyClock } from './steady-clock.ts'

/** What ageing works with; the clocks are given so that tests do not sleep. */
export interface AgeingParts {
  /** Called once a minute, with null while the time of day is in doubt; see `Identity.tick`. */
  readonly tick: (nowMs: WallMs | null) => void
  /** The last time of day that an earlier run believed; null when there is none. */
  readonly lastMs: WallMs | null
  readonly log: Log
  /** The time of day, which may jump. */
  readonly wallMs: () => WallMs
  /** Milliseconds since any moment, which never jump. */
  readonly elapsedMs: () => number
  readonly scheduler?: SchedulerLike
}

const EVERY_MS = 60_000

/**
 * Applies the rules of retention once a minute, by a time of day that is believed, also while no camera works.
 * Disposing ends it.
 */
export const startAgeing = (parts: AgeingParts): Disposable => {
  const { tick, log, scheduler = asyncScheduler } = parts
  const clock = createSteadyClock(parts)
  let isDoubted = false
  const ticking = scheduler.schedule(function (this) {
    const nowMs = clock.read()
    if (nowMs === null && !isDoubted)
      log.debug(
        { clockMs: parts.wallMs() },
        'the time of day is new: nobody is archived or deleted until it has been steady for an hour',
      )
    if (nowMs !== null && isDoubted) log.debug({ clockMs: nowMs }, 'the time of day has been steady for an hour')
    isDoubted = nowMs === null
    tick(nowMs)
    this.schedule(undefined, EVERY_MS)
  }, EVERY_MS)
  return { [Symbol.dispose]: () => ticking.unsubscribe() }
}
