import type { Personality } from '../personality.ts'

/** Each looks as if the last nonce was too old. */
export const personality: Personality = {
  kind: 'hostile',
  does: 'asks for the login again and again',
  expect: { says: /wrong user or password/, remedy: /user and password/ },
  client: { login: { user: 'ada', password: 'secret' } },
  quirks: {
    answer: (proper, _, { requests }) => ({
      ...proper,
      status: 401,
      headers: { 'WWW-Authenticate': `Digest realm="x", nonce="${requests.length}", stale=true` },
    }),
  },
}
