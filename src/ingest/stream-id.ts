import type { StreamId, Time } from '../types.ts'

/** Sortable by time, and different for two openings in the same millisecond: nine digits of time, four of chance. */
export const newStreamId = (time: Time, random: () => number): StreamId =>
  Math.floor(time.nowMs()).toString(36).padStart(9, '0') +
  Math.floor(random() * 36 ** 4)
    .toString(36)
    .padStart(4, '0')
