/** The value below which this share (0–1) of the values lies; NaN of none. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

/** R. Jain's index of fairness: 1 when all are equal, 1/n when one has everything. */
export const jain = (values: readonly number[]): number => {
  const sum = values.reduce((total, value) => total + value, 0)
  const squares = values.reduce((total, value) => total + value * value, 0)
  return squares === 0 ? 1 : (sum * sum) / (values.length * squares)
}

/** The slope of the line through the points with the least squares, and its standard error. */
export const slopeOf = (points: readonly (readonly [number, number])[]): { slope: number; error: number } => {
  const n = points.length
  const meanOf = (index: 0 | 1): number => points.reduce((sum, point) => sum + point[index], 0) / n
  const [meanX, meanY] = [meanOf(0), meanOf(1)]
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread
  const residual = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0)
  return { slope, error: Math.sqrt(residual / Math.max(1, n - 2) / spread) }
}
