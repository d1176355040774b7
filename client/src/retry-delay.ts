const firstMs = 500
const longestMs = 10_000

/**
 * Exponential back-off from 0.5 s to 10 s; the first `attempt` is 0. Half of it is random (0–1), so that many viewers
 * do not come back at the same time.
 */
export const retryDelayMs = (attempt: number, random: number): number =>
  Math.min(longestMs, firstMs * 2 ** attempt) * (0.5 + random / 2)
