import type { Personality } from '../personality.ts'
import { withHeaders } from '../quirks/answers.ts'

/** Without a name there is only one session: that of the connection. */
export const personality: Personality = {
  kind: 'session',
  does: 'answers SETUP without a session, and wants none',
  expect: 'picture',
  quirks: { session: { unnamed: true }, answer: withHeaders('SETUP', { Session: undefined }) },
}
