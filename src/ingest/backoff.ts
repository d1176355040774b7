import type { BackoffOptions } from './options.ts'

export interface Backoff {
  /** The wait before the next attempt, whole milliseconds. */
  nextMs(): number
  /** The longest wait, for what hammering makes worse. */
  longestMs(): number
  /** Tells how long the camera was online before it failed. */
  wasOnline(forMs: number): void
}

/** Waits that grow by `factor` up to `maxMs`, each spread by ±`jitter`. `random` gives 0–1. */
export const createBackoff = (options: BackoffOptions, random: () => number): Backoff => {
  let attempts = 0
  const spread = (ms: number) => Math.round(ms * (1 + options.jitter * (2 * random() - 1)))
  return {
    nextMs: () => {
      // The exponent is bounded only by maxMs: an infinite power is fine.
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
