import type { Personality } from '../personality.ts'

/** RFC 2617 3.2.2. */
export const personality: Personality = {
  kind: 'login',
  does: 'asks for a digest with a count of its own',
  expect: 'picture',
  quirks: { auth: { user: 'ada', password: 'secret', scheme: 'digest', qop: true } },
}
