const firstMs = 500
const longestMs = 10_000

/**
 * Exponential back-off, the first `attempt` being 0; half of it is random (0–1), so that many viewers do not come back
 * at once.
 */
export const retryDelayMs = (attempt: number, random: number): number =>
  Math.min(longestMs, firstMs * 2 ** attempt) * (0.5 + random / 2)
