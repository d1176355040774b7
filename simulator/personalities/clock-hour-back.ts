import type { Personality } from '../personality.ts'
import { clockJump } from '../quirks/times.ts'

/** The clock of the client is the better one. */
export const personality: Personality = {
  kind: 'time',
  does: 'sets its clock an hour back while it sends',
  expect: 'picture',
  lastsMs: 4500,
  quirks: { clock: clockJump(2, -1) },
}
