import type { Personality } from '../personality.ts'

/** A client that waits for the answer stops sending, and is dropped. */
export const personality: Personality = {
  kind: 'session',
  does: 'wants a sign of life every two seconds and answers none',
  seen: 'cameras that gortsplib works around',
  expect: 'picture',
  lastsMs: 5000,
  quirks: {
    session: { timeoutMs: 2000, alive: (request) => request !== null },
    answer: (proper, { method }, { requests }) =>
      ['OPTIONS', 'GET_PARAMETER'].includes(method) && requests.some((request) => request.method === 'PLAY')
        ? null
        : proper,
  },
}
