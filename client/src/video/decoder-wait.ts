/** So many units are known at least. */
const kept = 64

/** When units were given to a decoder, and so how late it is with a picture by its own fault. Milliseconds. */
export interface DecoderWait {
  /** A unit was given to the decoder. */
  given(nowMs: number): void
  /** A new decoder takes the place of the old one. */
  restart(): void
  /** How long a picture that came at `nowMs` and could be there at `inTimeMs` waited, while `waiting` units wait in the decoder. */
  lateMs(inTimeMs: number, waiting: number, nowMs: number): number
  /** How long the oldest of `waiting` units has been in the decoder, which has not begun with it; 0 where none waits. */
  behindMs(waiting: number, nowMs: number): number
}

/**
 * Decoders hold pictures back until others may not come before them: eight, at five a second, is more than a second, and says
 * nothing of how fast they are. So a picture's wait is counted from when the unit was given that the decoder took last: a slow
 * decoder takes it late.
 */
export const createDecoderWait = (): DecoderWait => {
  let givenAtMs: number[] = []
  return {
    given: (nowMs) => {
      givenAtMs.push(nowMs)
      if (givenAtMs.length > 2 * kept) givenAtMs = givenAtMs.slice(-kept)
    },
    restart: () => {
      givenAtMs = []
    },
    lateMs: (inTimeMs, waiting, nowMs) => nowMs - Math.max(inTimeMs, givenAtMs.at(-1 - waiting) ?? nowMs),
    behindMs: (waiting, nowMs) => (waiting <= 0 ? 0 : nowMs - (givenAtMs.at(-waiting) ?? nowMs)),
  }
}
