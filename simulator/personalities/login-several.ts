import type { Personality } from '../personality.ts'

/** The strongest that the client knows is to be taken. */
export const personality: Personality = {
  kind: 'login',
  does: 'offers SHA-256, MD5 and Basic, each in a header of its own',
  expect: 'picture',
  quirks: {
    auth: {
      user: 'ada',
      password: 'secret',
      scheme: 'basic',
      also: [{ scheme: 'digest', algorithm: 'SHA-256' }, { scheme: 'digest' }],
    },
  },
}
