import type { Personality } from '../personality.ts'
import { clockFrom } from '../quirks/times.ts'

/** NTP seconds of 32 bits wrap in 2036 (RFC 5905 6). */
export const personality: Personality = {
  kind: 'time',
  does: 'believes that it is 2099',
  expect: 'picture',
  lastsMs: 4500,
  quirks: { clock: clockFrom(Date.UTC(2099, 11, 31)) },
}
