import type { Personality } from '../personality.ts'
import { rtpJump } from '../quirks/times.ts'

/** No time goes back. */
export const personality: Personality = {
  kind: 'time',
  does: 'lets its time stamps jump an hour back',
  expect: 'picture',
  lastsMs: 4500,
  quirks: { clock: rtpJump(2, -1) },
}
