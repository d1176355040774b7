import type { Personality } from '../personality.ts'

/** RFC 2617 3.2.2.5 wants the URL of the request. */
export const personality: Personality = {
  kind: 'login',
  does: 'gives the nonce of a digest without a realm of a name',
  expect: 'picture',
  quirks: { auth: { user: 'ada', password: 'secret', scheme: 'digest', realm: '' } },
}
