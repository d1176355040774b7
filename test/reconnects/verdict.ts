import { type Growth, outcomeOf } from '../support/growth.ts'

/** One line of what was measured. */
export const growthInWords = (growth: readonly Growth[]): string =>
  growth.map(({ of, slope, error, verdict }) => `${of} ${slope.toFixed(3)} ± ${error.toFixed(3)} ${verdict}`).join(', ')

/** One line of what was measured of each kind, what was expected, and whether that is met. */
export const verdictInWords = (times: number, found: ReadonlyMap<string, readonly Growth[]>): string => {
  const named = (wanted: Growth['verdict']): readonly string[] =>
    [...found].flatMap(([name, growth]) => (outcomeOf(growth) === wanted ? [name] : []))
  const [growing, unclear] = [named('grows'), named('unclear')]
  const measured = [
    `flat for ${named('flat').length} of ${found.size} kinds`,
    ...(growing.length > 0 ? [`growing for ${growing.join(', ')}`] : []),
    ...(unclear.length > 0 ? [`unclear for ${unclear.join(', ')}`] : []),
  ]
  const met = {
    flat: 'met',
    grows: 'NOT MET',
    unclear: 'unclear: repeat with more --times or on a quiet machine',
  }[outcomeOf([...found.values()].flat())]
  const expected = 'descriptors, threads and memory flat (slope and twice its error within the limit)'
  return `verdict: ${times} reconnects of each kind, ${measured.join('; ')}; expected ${expected}: ${met}`
}

/** A time for people. */
export const minutes = (ms: number): string =>
  ms < 90_000 ? `${Math.round(ms / 1000)} s` : `${(ms / 60_000).toFixed(1)} min`
