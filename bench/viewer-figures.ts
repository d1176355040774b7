import type { Verdict } from './verdict.ts'

/** What `viewer.bench.ts` has measured of that for which there is an aim. */
export interface ViewersMeasured {
  /** Of a core, for fifty viewers of one camera beyond none. */
  readonly fiftyCpuPercent: number
  /** The oldest unit that a slow viewer has received, milliseconds since it came to the server. */
  readonly slowOldestMs: number
  readonly isSlowOpen: boolean
  /** p99 of the other viewers with the slow one over that without it, of each pair of windows. */
  readonly ratios: readonly number[]
}

/** The mean of some ratios, and the interval that two standard errors of their logarithms give. */
export const meanRatio = (ratios: readonly number[]) => {
  const logs = ratios.map(Math.log)
  const mean = logs.reduce((sum, each) => sum + each, 0) / logs.length
  const variance = logs.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (logs.length - 1)
  const margin = 2 * Math.sqrt(variance / logs.length)
  return { mean: Math.exp(mean), low: Math.exp(mean - margin), high: Math.exp(mean + margin) }
}

const aims = { cpuPercent: 10, oldestMs: 2000, ratio: 1.1 }

/** Whether each aim is met. The ratio is unclear where its interval has the aim in it. */
export const viewerVerdicts = (measured: ViewersMeasured): readonly Verdict[] => {
  const { fiftyCpuPercent, slowOldestMs, isSlowOpen, ratios } = measured
  const { mean, low, high } = meanRatio(ratios)
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
      measured: `p99 × ${mean.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)} in ${ratios.length} pairs)`,
      expected: `× ${aims.ratio} at most`,
      met: high <= aims.ratio ? true : low > aims.ratio ? false : null,
    },
  ]
}
