import type { BackoffOptions } from './options.ts'

/** How long one camera waits before it is opened again. */
export interface Backoff {
  /** The wait before the next attempt, whole milliseconds. */
  nextMs(): number
  /** The longest wait, for failures that another attempt makes worse. */
  longestMs(): number
  /**
   * Notes for how long the camera was online before it failed. `resetAfterMs` or longer begins again with the first
   * wait.
   */
  wasOnline(forMs: number): void
}

/** Waits that grow by `factor` from `firstMs` to `maxMs`, each spread by ±`jitter`. `random` gives 0–1. */
export const createBackoff = (options: BackoffOptions, random: () => number): Backoff => {
  let attempts = 0
  const spread = (ms: number) => Math.round(ms * (1 + options.jitter * (2 * random() - 1)))
  return {
    nextMs: () => {
      // Infinity after many attempts is fine: the minimum is taken.
      const ms = Math.min(options.maxMs, options.firstMs * options.factor ** attempts)
      attempts++
      return spread(ms)
    },
    longestMs: () => spread(Math.max(options.firstMs, options.maxMs)),
    wasOnline: (forMs) => {
      if (forMs >= options.resetAfterMs) attempts = 0
    },
  }
}
