/** A line through points: how much it rises by a unit, and the standard error of that. */
export interface Slope {
  readonly slope: number
  readonly error: number
}

type Point = readonly [x: number, y: number]

/** The line through the points with the least squares. Both are NaN when the points have one place only. */
const slopeOf = (points: readonly Point[]): Slope => slopeWithin([points])

/**
 * The slope that groups of points share, each with a height of its own: what a process holds, in one life after the other.
 * Groups of one point say nothing.
 */
export const slopeWithin = (groups: readonly (readonly Point[])[]): Slope => {
  const told = groups.filter((group) => group.length > 1)
  const centred = told.flatMap((group): readonly Point[] => {
    const meanOf = (index: 0 | 1): number => group.reduce((sum, point) => sum + point[index], 0) / group.length
    const [meanX, meanY] = [meanOf(0), meanOf(1)]
    return group.map(([x, y]) => [x - meanX, y - meanY])
  })
  const spread = centred.reduce((sum, [x]) => sum + x * x, 0)
  const slope = centred.reduce((sum, [x, y]) => sum + x * y, 0) / spread
  const residual = centred.reduce((sum, [x, y]) => sum + (y - slope * x) ** 2, 0)
  return { slope, error: Math.sqrt(residual / Math.max(1, centred.length - told.length - 1) / spread) }
}

/**
 * The mean of the slopes of so many parts of a run, and its standard error. Compilers and allocators take memory in few large
 * steps, which the error of one line through all points does not see: a leak is in every part, a step in one.
 */
export const slopeInParts = (points: readonly Point[], parts = 4): Slope => {
  const length = Math.floor(points.length / parts)
  const slopes = Array.from(
    { length: parts },
    (_, part) => slopeOf(points.slice(part * length, (part + 1) * length)).slope,
  )
  const slope = slopes.reduce((sum, each) => sum + each, 0) / parts
  const variance = slopes.reduce((sum, each) => sum + (each - slope) ** 2, 0) / (parts - 1)
  return { slope, error: Math.sqrt(variance / parts) }
}

/**
 * The median of the slopes between any two points (Theil 1950), with half the width of its interval as twice the error (Sen 1968,
 * without ties). Single looks at a bad moment do not move it. Both are NaN for fewer than ten points.
 */
export const medianSlope = (points: readonly Point[]): Slope => {
  const n = points.length
  if (n < 10) return { slope: Number.NaN, error: Number.NaN }
  const slopes = points
    .flatMap(([x, y], i) => points.slice(i + 1).map(([laterX, laterY]) => (laterY - y) / (laterX - x)))
    .sort((a, b) => a - b)
  const at = (place: number): number =>
    slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(place)))] ?? Number.NaN
  const [middle, reach] = [(slopes.length - 1) / 2, 0.98 * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)]
  return { slope: at(middle), error: (at(middle + reach) - at(middle - reach)) / 4 }
}
