import type { Personality } from '../personality.ts'

/** Basic has no colon in the user (RFC 7617 2). */
export const personality: Personality = {
  kind: 'login',
  does: 'asks in clear for a password full of characters that mean something in a URL',
  expect: 'picture',
  quirks: { auth: { user: 'ad@a/%41', password: ':@/%2F?#&=+ "\\ü', scheme: 'basic' } },
}
