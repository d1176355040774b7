import type { Personality } from '../personality.ts'
import { withChanged } from '../quirks/answers.ts'

/** RFC 2326 12.37 says 60 s where nothing is announced. */
export const personality: Personality = {
  kind: 'session',
  does: 'announces no time-out and drops who asks nothing for five seconds',
  seen: 'cheap cameras',
  expect: 'picture',
  lastsMs: 8000,
  quirks: {
    session: { timeoutMs: 5000, alive: (request) => request !== null },
    answer: withChanged('Session', (it) => it.replace(/;.*/, '')),
  },
}
