import type { Personality } from '../personality.ts'

/** Without a name there is only one session: that of the connection. */
export const personality: Personality = {
  kind: 'session',
  does: 'answers SETUP without a session, and wants none',
  expect: 'picture',
  quirks: {
    session: { unnamed: true },
    answer: ({ headers: { Session: _, ...headers } = {}, ...proper }) => ({ ...proper, headers }),
  },
}
