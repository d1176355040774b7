import type { StreamId, Time } from '../types.ts'

/**
 * A new stream's ID: nine base-36 digits of time and four of randomness. IDs sort by time, and two openings in one
 * millisecond differ.
 */
export const newStreamId = (time: Time, random: () => number): StreamId =>
  Math.floor(time.nowMs()).toString(36).padStart(9, '0') +
  Math.floor(random() * 36 ** 4)
    .toString(36)
    .padStart(4, '0')
