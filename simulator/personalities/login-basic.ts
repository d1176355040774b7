import type { Personality } from '../personality.ts'

/** RFC 2617 2. */
export const personality: Personality = {
  kind: 'login',
  does: 'asks for the password in clear',
  expect: 'picture',
  quirks: { auth: { user: 'ada', password: 'secret', scheme: 'basic' } },
}
