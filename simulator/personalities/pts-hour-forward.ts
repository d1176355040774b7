import type { Personality } from '../personality.ts'
import { rtpJump } from '../quirks/times.ts'

/** No hour has passed. */
export const personality: Personality = {
  kind: 'time',
  does: 'lets its time stamps jump an hour forward',
  expect: 'picture',
  lastsMs: 4500,
  quirks: { clock: rtpJump(2, 1) },
}
