import type { Personality } from '../personality.ts'

/** They are no part of a URL for a client that keeps them apart from it. */
export const personality: Personality = {
  kind: 'login',
  does: 'has a user and a password full of characters that mean something in a URL',
  expect: 'picture',
  quirks: { auth: { user: 'ad@a/%41', password: ':@/%2F?#&=+ "\\ü', scheme: 'digest' } },
}
