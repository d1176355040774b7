import { type Slope, slopeWithin } from '../support/slope.ts'
import type { Held } from './proc.ts'

/** What the processes held after a step. `life` tells which processes these were. */
export interface StepHeld {
  readonly step: number
  readonly life: string
  readonly held: Held
}

/** How much more is held after each step. */
export interface Growth extends Slope {
  readonly of: keyof Held
  /** It rises by more than its noise, and by more than steps differ anyway. */
  readonly isLeak: boolean
}

/** More a step is a leak, once it is beyond the noise. */
const most: Held = { descriptors: 0.2, threads: 0.2, rssMiB: 2 }
/** From so few points no slope is known. */
const leastPoints = 8

/**
 * How what is held rises from step to step: slopes within each life of the processes. The first step of each life is left out,
 * in which pools and caches fill. Empty when there are too few steps.
 */
export const growthOf = (after: readonly StepHeld[]): readonly Growth[] => {
  const lives = [...Map.groupBy(after, ({ life }) => life).values()].map((steps) => steps.slice(1))
  const told = lives.filter((steps) => steps.length > 1)
  if (told.reduce((sum, steps) => sum + steps.length, 0) < leastPoints) return []
  return (['descriptors', 'threads', 'rssMiB'] as const).map((of) => {
    const { slope, error } = slopeWithin(told.map((steps) => steps.map(({ step, held }) => [step, held[of]])))
    return { of, slope, error, isLeak: slope - 2 * error > most[of] }
  })
}

/** In words: `main descriptors 0.01 ± 0.02 a step`. */
export const describeGrowth = (process: string, growth: readonly Growth[]): readonly string[] =>
  growth.map(
    ({ of, slope, error, isLeak }) =>
      `${process} ${of} ${slope.toFixed(2)} ± ${error.toFixed(2)} a step${isLeak ? ': it grows' : ''}`,
  )
