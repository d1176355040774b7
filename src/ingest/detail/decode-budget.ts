/** Keeps the decoding of the big stream far below that of all of it. */
export interface DecodeBudget {
  /** Notes that another picture was received. */
  received(): void
  /** Whether so much may be spent now, in units of decoding a picture. */
  allows(cost: number): boolean
  spend(cost: number): void
}

/** The cost of a picture is 1; what may be spent is 4 % of decoding all that is received. */
const SHARE = 0.04
/** What can be saved up: one picture from late in a group of twenty, or ten key pictures. */
const MOST_SAVED = 20

/** A new stream may decode two pictures at once. */
export const createDecodeBudget = (): DecodeBudget => {
  let saved = 2
  return {
    received: () => {
      saved = Math.min(MOST_SAVED, saved + SHARE)
    },
    allows: (cost) => cost <= saved,
    spend: (cost) => {
      saved -= cost
    },
  }
}
