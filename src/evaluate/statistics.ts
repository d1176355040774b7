/** The arithmetic mean; NaN for no values. */
export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** The sample standard deviation, with n − 1; 0 for a single value. */
export const standardDeviation = (values: readonly number[]): number => {
  if (values.length < 2) return 0
  const middle = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1))
}

/** The middle value, of an even number the upper of the two in the middle; NaN for no values. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** Rounds to so many decimals, which are the same on another machine's floating point. */
export const rounded = (value: number, decimals = 5): number => Number(value.toFixed(decimals))
