/** Keeps the decoding of the big stream far below that of all of it. */
export interface DecodeBudget {
  /** Notes that another picture was received. */
  received(): void
  /** Whether so many pictures may be decoded now. */
  allows(pictures: number): boolean
  spend(pictures: number): void
}

/** Of what is received, 4 % may be decoded. */
const SHARE = 0.04
/** What can be saved up: one picture from late in a group of twenty, or twenty key pictures. */
const MOST_SAVED = 20

/** A new stream may decode two pictures at once. */
export const createDecodeBudget = (): DecodeBudget => {
  let saved = 2
  return {
    received: () => {
      saved = Math.min(MOST_SAVED, saved + SHARE)
    },
    allows: (pictures) => pictures <= saved,
    spend: (pictures) => {
      saved -= pictures
    },
  }
}
