/** A score from 0 to 1 with two decimals. Evidence can lift one above 1, which says no more than 1 does. */
export const scoreWords = (score: number): string => Math.min(1, score).toFixed(2)
