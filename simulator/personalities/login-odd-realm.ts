import type { Personality } from '../personality.ts'

/** A realm is text in quotes. */
export const personality: Personality = {
  kind: 'login',
  does: 'asks for a login to a realm with quotes, commas and words that look like a scheme',
  expect: 'picture',
  quirks: { auth: { user: 'ada', password: 'secret', scheme: 'digest', realm: 'The "Hall", Basic realm=x, \\' } },
}
