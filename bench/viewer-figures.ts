import { seededRandom } from '../src/math/seeded-random.ts'
import type { Verdict } from './verdict.ts'

/** What `viewer.bench.ts` has measured of that for which there is an aim. */
export interface ViewersMeasured {
  /** Of a core, for fifty viewers of one camera beyond none. */
  readonly fiftyCpuPercent: number
  /** The oldest unit that a slow viewer has received, milliseconds since it came to the server. */
  readonly slowOldestMs: number
  readonly isSlowOpen: boolean
  /** The others beside the slow one and, at the same time, others of another server without one. */
  readonly windows: readonly Window[]
}

/** Ages of units in one window of time, milliseconds since they came to their server. */
export interface Window {
  readonly beside: readonly number[]
  readonly without: readonly number[]
}

/** So many times windows are drawn anew to see how far chance moves the ratio. */
const draws = 500

/** The value below which so many of a hundred are; 0 of nothing. */
export const percentile = (values: readonly number[], percent: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length * percent) / 100)] ?? 0
}

/** p99 of all windows beside the slow one over p99 of all without it; no less than a millisecond each. */
const ratioOf = (windows: readonly Window[]): number => {
  const p99 = (of: keyof Window): number =>
    Math.max(
      1,
      percentile(
        windows.flatMap((each) => each[of]),
        99,
      ),
    )
  return p99('beside') / p99('without')
}

/**
 * How much older what others see is beside a slow viewer, and between which values nineteen of twenty runs would be: windows are
 * drawn from those that were measured, each as often as chance has it (bootstrap; Efron 1979).
 */
export const p99Ratio = (windows: readonly Window[]) => {
  const random = seededRandom(1)
  const drawn = Array.from({ length: draws }, () =>
    ratioOf(windows.map(() => windows[Math.floor(random() * windows.length)] as Window)),
  )
  return { ratio: ratioOf(windows), low: percentile(drawn, 2.5), high: percentile(drawn, 97.5) }
}

const aims = { cpuPercent: 10, oldestMs: 2000, ratio: 1.1 }

/** Whether each aim is met. The ratio is unclear where its interval has the aim in it. */
export const viewerVerdicts = (measured: ViewersMeasured): readonly Verdict[] => {
  const { fiftyCpuPercent, slowOldestMs, isSlowOpen, windows } = measured
  const { ratio, low, high } = p99Ratio(windows)
  return [
    {
      of: 'fifty viewers',
      measured: `${fiftyCpuPercent.toFixed(1)} % of a core`,
      expected: `${aims.cpuPercent} % at most`,
      met: fiftyCpuPercent <= aims.cpuPercent,
    },
    {
      of: 'slow viewer',
      measured: `nothing older than ${(slowOldestMs / 1000).toFixed(2)} s${isSlowOpen ? '' : ', and cut off'}`,
      expected: `${aims.oldestMs / 1000} s at most, and connected`,
      met: isSlowOpen && slowOldestMs <= aims.oldestMs,
    },
    {
      of: 'the others',
      measured: `p99 × ${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)} in ${windows.length} windows)`,
      expected: `× ${aims.ratio} at most`,
      met: high <= aims.ratio ? true : low > aims.ratio ? false : null,
    },
  ]
}
