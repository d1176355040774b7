/** Keeps the decoding of the big stream below a twentieth of that of all of it. */
export interface DecodeBudget {
  /** Notes that another picture was received. */
  received(): void
  /** Whether so many pictures of a group, from its key picture on, may be decoded now. `atMs` is in any time of the stream. */
  allows(pictures: number, atMs: number): boolean
  spend(pictures: number, atMs: number): void
}

/** What may be spent, as a share of decoding all that is received. */
const SHARE = 0.035
/**
 * The mean picture costs 1. Measured at 4K, H.264, CPU milliseconds: the mean 16, a key picture 38–44, another one 12, opening the
 * decoder 17–24.
 */
const KEY_COST = 2.75
const OTHER_COST = 0.75
const OPENING_COST = 1.5
/** As long as the decoder is kept open (`keepDecoderMs` of the addon). */
const OPEN_MS = 5000
/** What can be saved up. */
const MOST_SAVED = 20
/** A first look of three pictures, at 25 pictures a second. */
const FIRST_SAVED = 10.5

/** A new stream may decode at once what was never saved: of a minute of 25 pictures a second, less than a hundredth. */
export const createDecodeBudget = (): DecodeBudget => {
  let saved = FIRST_SAVED
  let usedMs = Number.NEGATIVE_INFINITY
  const costOf = (pictures: number, atMs: number): number =>
    KEY_COST + OTHER_COST * (pictures - 1) + (Math.abs(atMs - usedMs) > OPEN_MS ? OPENING_COST : 0)
  return {
    received: () => {
      saved = Math.min(MOST_SAVED, saved + SHARE)
    },
    allows: (pictures, atMs) => costOf(pictures, atMs) <= saved,
    spend: (pictures, atMs) => {
      saved -= costOf(pictures, atMs)
      usedMs = atMs
    },
  }
}
