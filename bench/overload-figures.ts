import type { Verdict } from './verdict.ts'

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

/** p99 from capture to event in the last third of a run over that in the first, and its standard error. */
export interface Ratio {
  readonly ratio: number
  readonly error: number
}

const PARTS = 5
/** Latency that does not grow: at most this ratio. */
const FLAT = 1.1

/**
 * The ratio of p99 between two stretches of a run, each a list of ages in the order in which they were measured. The p99 of a
 * stretch is the geometric mean of the p99 of five parts of it, which also gives the error. NaN of stretches with less than
 * five ages.
 */
export const ratioOfTails = (first: readonly number[], last: readonly number[]): Ratio => {
  const [a, b] = [first, last].map((ages) => {
    const length = Math.floor(ages.length / PARTS)
    const tails = Array.from({ length: PARTS }, (_, part) =>
      Math.log(quantile(ages.slice(part * length, (part + 1) * length), 0.99)),
    )
    const mean = tails.reduce((sum, tail) => sum + tail, 0) / PARTS
    return { mean, variance: tails.reduce((sum, tail) => sum + (tail - mean) ** 2, 0) / (PARTS - 1) / PARTS }
  })
  if (!a || !b) return { ratio: Number.NaN, error: Number.NaN }
  const ratio = Math.exp(b.mean - a.mean)
  return { ratio, error: ratio * Math.sqrt(a.variance + b.variance) }
}

/** Null where the aim is within two standard errors of a ratio above it. */
const isFlat = ({ ratio, error }: Ratio): boolean | null =>
  ratio <= FLAT ? true : ratio - 2 * error <= FLAT ? null : false

/** What one run gave of that for which there is an aim. */
export interface Measured {
  readonly latency: Ratio
  /** Jain's index of analysed frames: the least among the cameras of one loop. */
  readonly fairness: number
  /** By process: MiB a minute, and the standard error. */
  readonly memory: ReadonlyMap<string, { readonly slope: number; readonly error: number }>
  readonly people: People
  /** The same without overload. */
  readonly calm: People
}

/** Who was found. */
export interface People {
  readonly found: number
  readonly idsPerPerson: number
}

const idsOf = ({ found, idsPerPerson }: People): string => `${found} found, ${idsPerPerson.toFixed(2)} IDs a person`

/** Whether each aim is met; what could not be measured is not. A slope is noise up to two standard errors. */
export const verdictsOf = ({ latency, fairness, memory, people, calm }: Measured): readonly Verdict[] => [
  {
    of: 'latency',
    measured: `p99 at the end over the start ${latency.ratio.toFixed(3)} ± ${latency.error.toFixed(3)}`,
    expected: '1.1 at most',
    met: isFlat(latency),
  },
  {
    of: 'memory',
    measured: [...memory]
      .map(([process, { slope, error }]) => `${process} ${slope.toFixed(2)} ± ${error.toFixed(2)} MiB a minute`)
      .join(', '),
    expected: 'no slope above two standard errors',
    met: memory.size > 0 && [...memory.values()].every(({ slope, error }) => slope <= 2 * error),
  },
  {
    of: 'fairness',
    measured: `Jain's index among equal cameras ${fairness.toFixed(3)}`,
    expected: '.98 at least',
    met: fairness >= 0.98,
  },
  {
    of: 'people',
    measured: idsOf(people),
    expected: `as without overload (${idsOf(calm)})`,
    met: people.found >= calm.found && people.idsPerPerson <= calm.idsPerPerson,
  },
]
