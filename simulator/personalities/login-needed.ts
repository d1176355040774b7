import type { Personality } from '../personality.ts'

/** Without a login there is nothing to answer. */
export const personality: Personality = {
  kind: 'login',
  does: 'asks a client that has no login',
  expect: { says: /asks for a login/, remedy: /Set its user and password/ },
  quirks: { answer: () => ({ status: 401, headers: { 'WWW-Authenticate': 'Digest realm="x", nonce="1"' } }) },
}
