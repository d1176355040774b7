import type { Personality } from '../personality.ts'
import { clockFrom } from '../quirks/times.ts'

/** The clock of the client is the better one. */
export const personality: Personality = {
  kind: 'time',
  does: 'believes that it is 1970',
  seen: 'cameras with an empty battery',
  expect: 'picture',
  lastsMs: 4500,
  quirks: { clock: clockFrom(0) },
}
