import type { Personality } from '../personality.ts'

/** What a server does not list in Public must not be sent to it. */
export const personality: Personality = {
  kind: 'session',
  does: 'knows no GET_PARAMETER, and drops who sends no OPTIONS within two seconds',
  expect: 'picture',
  lastsMs: 5000,
  quirks: {
    session: { timeoutMs: 2000, alive: (request) => request !== null && request.method !== 'GET_PARAMETER' },
    answer: (proper, { method }) => {
      if (method === 'GET_PARAMETER') return { status: 501 }
      return method === 'OPTIONS'
        ? { ...proper, headers: { Public: 'OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN' } }
        : proper
    },
  },
}
