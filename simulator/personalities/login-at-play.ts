import type { Personality } from '../personality.ts'

/** What it shows is no secret to it, only the pictures are. */
export const personality: Personality = {
  kind: 'login',
  does: 'asks for the login at PLAY only',
  expect: 'picture',
  quirks: {
    auth: { user: 'ada', password: 'secret', scheme: 'digest', asksAt: (method) => method === 'PLAY' },
  },
}
