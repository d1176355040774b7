import type { Personality } from '../personality.ts'

/** Most ask at DESCRIBE. */
export const personality: Personality = {
  kind: 'login',
  does: 'asks for the login already at OPTIONS',
  expect: 'picture',
  quirks: { auth: { user: 'ada', password: 'secret', scheme: 'digest', asksAt: () => true } },
}
