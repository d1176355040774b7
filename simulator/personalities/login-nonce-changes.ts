import type { Personality } from '../personality.ts'

/** Each request is asked anew, and answered anew. */
export const personality: Personality = {
  kind: 'login',
  does: 'wants another nonce in every request',
  expect: 'picture',
  lastsMs: 3000,
  quirks: {
    session: { timeoutMs: 2000, alive: (request) => request !== null },
    auth: { user: 'ada', password: 'secret', scheme: 'digest', nonceLasts: 'one request' },
  },
}
