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

/** What one run gave of that for which there is an aim. */
export interface Measured {
  /** p99 from capture to event in the last third over that in the first. */
  readonly latencyRatio: number
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
export const verdictsOf = ({ latencyRatio, fairness, memory, people, calm }: Measured): readonly Verdict[] => [
  {
    of: 'latency',
    measured: `p99 at the end over the start ${latencyRatio.toFixed(3)}`,
    expected: '1.1 at most',
    met: latencyRatio <= 1.1,
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
