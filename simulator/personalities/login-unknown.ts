import type { Personality } from '../personality.ts'

/** Only the two schemes of RFC 2617 and RFC 7616 are known. */
export const personality: Personality = {
  kind: 'login',
  does: 'asks for a login that hardly any client knows',
  expect: { says: /asks for a login that Rollcall does not know/, remedy: /Digest .*Basic/ },
  client: { login: { user: 'ada', password: 'secret' } },
  quirks: { answer: () => ({ status: 401, headers: { 'WWW-Authenticate': 'Negotiate' } }) },
}
