import type { Time } from '../../types.ts'
import type { Letter } from './letter.ts'
import type { WebhookOptions } from './options.ts'

/** How a letter has done in this run. */
export interface Tries {
  readonly count: number
  /** Those that say something about the letter: the receiver was there, and not busy. */
  readonly refusals: number
  /** When it was read, by `elapsedMs`. */
  readonly sinceMs: number
}

/** An event that was refused so often is given up: others were taken meanwhile, or the receiver would count as away. */
const HOPELESS_AFTER = 20
/** An event is tried for so long, by a clock that does not jump, before its age by the time of day counts. */
const TRIED_FOR_MS = 3_600_000

/** Counts the attempts of each letter, by its number, and says when one is given up. */
export const createTries = (
  { giveUpAfterMs }: Pick<WebhookOptions, 'giveUpAfterMs'>,
  { time, elapsedMs }: { readonly time: Time; readonly elapsedMs: () => number },
) => {
  const tries = new Map<number, Tries>()
  const of = (number: number): Tries => tries.get(number) ?? { count: 0, refusals: 0, sinceMs: elapsedMs() }
  return {
    /** It was read. */
    begin: (number: number): void => {
      tries.set(number, of(number))
    },
    failed: (number: number, isRefusal: boolean): Tries => {
      const { count, refusals, sinceMs } = of(number)
      const now = { count: count + 1, refusals: refusals + (isRefusal ? 1 : 0), sinceMs }
      tries.set(number, now)
      return now
    },
    forget: (number: number): void => {
      tries.delete(number)
    },
    /** Its age is by the time of day, which is all that lasts over a restart. It may have jumped since: at boot, by days. */
    isOver: ({ atMs }: Pick<Letter, 'atMs'>, { refusals, sinceMs }: Tries): boolean =>
      refusals >= HOPELESS_AFTER ||
      (time.nowMs() - atMs >= giveUpAfterMs && elapsedMs() - sinceMs >= Math.min(giveUpAfterMs, TRIED_FOR_MS)),
  }
}
