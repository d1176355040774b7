import { setTimeout as sleep } from 'node:timers/promises'
import { createGrantedClock } from './granted-time.ts'

/** Waiting on is of no use. */
export class Hopeless extends Error {}

/**
 * Resolves with what `found` gives as soon as that is neither undefined nor false; rejects, naming `what`, when it is not
 * within `withinMs`, which last longer while this machine has more to do than it can. `found` may look at something slow, and what it throws counts as not yet, except for `Hopeless`.
 */
export const until = async <T>(
  what: string,
  found: () => T | undefined | false | Promise<T | undefined | false>,
  withinMs: number,
): Promise<T> => {
  const grantedMs = createGrantedClock()
  let last: unknown
  for (;;) {
    try {
      const value = await found()
      if (value !== undefined && value !== false) return value
    } catch (error) {
      if (error instanceof Hopeless) throw error
      last = error
    }
    if (grantedMs() > withinMs)
      throw new Error(`not within ${withinMs / 1000} s: ${what}${last instanceof Error ? ` (${last.message})` : ''}`)
    await sleep(25)
  }
}
