/** A line through points, and the share of the variance that it explains. */
export interface LinearFit {
  readonly at0: number
  readonly slope: number
  /** 1 when all points are on it; NaN when they are all at one height. */
  readonly r2: number
}

/** The line with the least squares through two points or more at different places. */
export const linearFit = (points: readonly (readonly [x: number, y: number])[]): LinearFit => {
  const mean = (of: 0 | 1): number => points.reduce((sum, point) => sum + point[of], 0) / points.length
  const [meanX, meanY] = [mean(0), mean(1)]
  const sum = (of: (dx: number, dy: number) => number): number =>
    points.reduce((all, [x, y]) => all + of(x - meanX, y - meanY), 0)
  const [xx, xy, yy] = [sum((dx) => dx * dx), sum((dx, dy) => dx * dy), sum((_, dy) => dy * dy)]
  return { at0: meanY - (xy / xx) * meanX, slope: xy / xx, r2: xy ** 2 / (xx * yy) }
}
