import { asyncScheduler, type SchedulerLike } from 'rxjs'
import type { Log, WallMs } from '../types.ts'
import { createSteadyClock } from './steady-clock.ts'

export interface AgeingParts {
  /** Called once a minute, with null while the time of day is in doubt; see `Identity.tick`. */
  readonly tick: (nowMs: WallMs | null) => void
  /** The last time that an earlier run believed. */
  readonly lastMs: WallMs | null
  readonly log: Log
  readonly wallMs: () => WallMs
  readonly elapsedMs: () => number
  readonly scheduler?: SchedulerLike
}

const EVERY_MS = 60_000

/** Lets people age by a time of day that is believed, whether any camera works or not. Disposing of it ends it. */
export const startAgeing = (parts: AgeingParts): Disposable => {
  const { tick, log, scheduler = asyncScheduler } = parts
  const clock = createSteadyClock(parts)
  let isDoubted = false
  const ticking = scheduler.schedule(function (this) {
    const nowMs = clock.read()
    if (nowMs === null && !isDoubted)
      log.info(
        { clockMs: parts.wallMs() },
        'the time of day is new: nobody is archived or deleted until it has been steady for an hour',
      )
    if (nowMs !== null && isDoubted) log.info({ clockMs: nowMs }, 'the time of day has been steady for an hour')
    isDoubted = nowMs === null
    tick(nowMs)
    this.schedule(undefined, EVERY_MS)
  }, EVERY_MS)
  return { [Symbol.dispose]: () => ticking.unsubscribe() }
}
