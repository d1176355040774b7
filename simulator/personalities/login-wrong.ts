import type { Personality } from '../personality.ts'

/** It must not be tried again and again: cameras lock users out. */
export const personality: Personality = {
  kind: 'login',
  does: 'refuses the password',
  expect: { says: /wrong user or password/, remedy: /user and password/ },
  client: { login: { user: 'ada', password: 'wrong' } },
  quirks: { auth: { user: 'ada', password: 'secret', scheme: 'digest' } },
}
