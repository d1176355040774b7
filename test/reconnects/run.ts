import { readdirSync } from 'node:fs'
import { slopeInParts } from '../support/slope.ts'

/** What this process holds. Descriptors and threads are those of Linux. */
export interface Held {
  readonly descriptors: number
  readonly threads: number
  readonly kib: number
}

/** What this process holds now, after a collection of garbage where `--expose-gc` allows one. */
export const held = (): Held => {
  globalThis.gc?.()
  return {
    descriptors: readdirSync('/proc/self/fd').length,
    threads: readdirSync('/proc/self/task').length,
    kib: process.memoryUsage.rss() / 1024,
  }
}

/** How much more is held after each time: the mean of the slopes of four parts of the run, and its standard error. */
export interface Growth {
  readonly of: keyof Held
  readonly slope: number
  readonly error: number
  /** `flat` or `grows`: less or more than is no matter, by twice the error. `unclear`: the noise hides which. */
  readonly verdict: 'flat' | 'grows' | 'unclear'
}

/** More a time is a leak: of a descriptor or a thread one in fifty times; of memory that of one small picture. */
const most: Held = { descriptors: 0.02, threads: 0.02, kib: 10 }

/** `samples` are what was held after each number of times. */
export const growthOf = (samples: readonly (readonly [times: number, Held])[]): readonly Growth[] =>
  (['descriptors', 'threads', 'kib'] as const).map((of) => {
    const { slope, error } = slopeInParts(samples.map(([times, now]) => [times, now[of]]))
    return { of, slope, error, verdict: verdictOf(slope, 2 * error, most[of]) }
  })

const verdictOf = (slope: number, margin: number, limit: number): Growth['verdict'] => {
  if (slope - margin > limit) return 'grows'
  return slope + margin > limit ? 'unclear' : 'flat'
}

/** Does something so often, at least 40 times, and looks each fifth time at what is held. Before, half as often warms up. */
export const repeat = async (times: number, again: () => Promise<void>): Promise<readonly Growth[]> => {
  const warmUp = Math.ceil(times / 2)
  for (let i = 0; i < warmUp; i++) await again()
  const samples: [number, Held][] = [[0, held()]]
  for (let i = 1; i <= times; i++) {
    await again()
    if (i % 5 === 0) samples.push([i, held()])
  }
  return growthOf(samples)
}
