/** A value at a time; null where it is not known: the line has a gap there. */
export interface ChartPoint {
  readonly atMs: number
  readonly value: number | null
}

/** The size of a chart, in units of its own. */
export const [width, height] = [300, 60]

/** A chart shows so much, and less as long as the program is younger: a new line is not a dot at the edge. */
const [mostMs, leastMs] = [15 * 60_000, 60_000]

/** Where the time axis begins, Unix milliseconds, for samples from `firstMs` to `untilMs`. */
export const axisFrom = (firstMs: number, untilMs: number): number =>
  Math.max(untilMs - mostMs, Math.min(firstMs, untilMs - leastMs))

/** The pieces of the line between gaps, as positions in the chart. */
export const piecesOf = (
  points: readonly ChartPoint[],
  from: number,
  until: number,
  top: number,
): (readonly [x: number, y: number])[][] => {
  const pieces: [number, number][][] = [[]]
  for (const { atMs, value } of points) {
    if (value === null) pieces.push([])
    else {
      const x = ((atMs - from) / Math.max(1, until - from)) * width
      const y = height - 2 - (Math.max(0, value) / top) * (height - 4)
      pieces.at(-1)?.push([Number(x.toFixed(1)), Number(y.toFixed(1))])
    }
  }
  return pieces.filter((piece) => piece.length > 0)
}
