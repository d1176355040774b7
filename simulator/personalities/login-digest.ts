import type { Personality } from '../personality.ts'

/** RFC 2617 3. */
export const personality: Personality = {
  kind: 'login',
  does: 'asks for a digest with MD5',
  expect: 'picture',
  quirks: { auth: { user: 'ada', password: 'secret', scheme: 'digest' } },
}
