import { type Slope, slopeInParts } from './slope.ts'

/** How much more of something is held after each step, with the standard error, and what that says. */
export interface Growth<Of extends string = string> {
  readonly of: Of
  readonly slope: number
  readonly error: number
  /** `flat` or `grows`: less or more than is no matter, by twice the error. `unclear`: the noise hides which. */
  readonly verdict: 'flat' | 'grows' | 'unclear'
}

const verdictOf = (slope: number, margin: number, limit: number): Growth['verdict'] => {
  // Of too few samples both are NaN: no comparison holds.
  if (slope + margin <= limit) return 'flat'
  return slope - margin > limit ? 'grows' : 'unclear'
}

/**
 * What grows, by the mean of the slopes of four parts of a run unless `slopeOf` says otherwise. `samples` are what was held after so
 * many steps, `most` is what may be held more after each step.
 */
export const growthOf = <Of extends string>(
  samples: readonly (readonly [steps: number, Readonly<Record<Of, number>>])[],
  most: Readonly<Record<Of, number>>,
  slopeOf: (points: readonly (readonly [steps: number, held: number])[]) => Slope = slopeInParts,
): readonly Growth<Of>[] =>
  (Object.keys(most) as Of[]).map((of) => {
    const { slope, error } = slopeOf(samples.map(([steps, held]) => [steps, held[of]]))
    return { of, slope, error, verdict: verdictOf(slope, 2 * error, most[of]) }
  })

/** What holds for all of them: what grows is never hidden by what is unclear. */
export const outcomeOf = (growth: readonly Growth[]): Growth['verdict'] => {
  const has = (wanted: Growth['verdict']): boolean => growth.some(({ verdict }) => verdict === wanted)
  return has('grows') ? 'grows' : has('unclear') ? 'unclear' : 'flat'
}

/** What a program that runs this is told: its exit code. */
export const exitCodes: Readonly<Record<Growth['verdict'], number>> = { flat: 0, grows: 1, unclear: 2 }
