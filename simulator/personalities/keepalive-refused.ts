import type { Personality } from '../personality.ts'

/** A refused sign of life is one, too. */
export const personality: Personality = {
  kind: 'session',
  does: 'wants a sign of life every two seconds and answers each with an error',
  expect: 'picture',
  lastsMs: 5000,
  quirks: {
    session: { timeoutMs: 2000, alive: (request) => request !== null },
    answer: (proper, { method }, { requests }) =>
      ['OPTIONS', 'GET_PARAMETER'].includes(method) && requests.some((request) => request.method === 'PLAY')
        ? { status: 454 }
        : proper,
  },
}
