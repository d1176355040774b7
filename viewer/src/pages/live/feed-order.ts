/** Times that are further apart are of different clocks, such as a recording's. Then the order of coming counts. */
const comparableMs = 600_000

/** The place of a line in a feed whose lines have these times, newest first: 0 is above all others. Unix milliseconds. */
export const placeInFeed = (times: readonly number[], atMs: number): number => {
  const at = times.findIndex((other) => other <= atMs || other - atMs > comparableMs)
  return at < 0 ? times.length : at
}
