import type { Personality } from '../personality.ts'
import { drifting } from '../quirks/times.ts'

/** After a day it is a minute and a half ahead. */
export const personality: Personality = {
  kind: 'time',
  does: 'has a clock that is 0.1 % fast',
  expect: 'picture',
  lastsMs: 4500,
  quirks: { clock: drifting(0.001) },
}
