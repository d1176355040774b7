import type { Personality } from '../personality.ts'

/** RFC 7616; many clients know MD5 only. */
export const personality: Personality = {
  kind: 'login',
  does: 'asks for a digest with SHA-256',
  expect: 'picture',
  quirks: { auth: { user: 'ada', password: 'secret', scheme: 'digest', algorithm: 'SHA-256', qop: true } },
}
