import type { Personality } from '../personality.ts'

/** RTCP keeps a session alive (RFC 2326 A.1), and some know nothing else. */
export const personality: Personality = {
  kind: 'session',
  does: 'drops who sends no receiver report for eight seconds, whatever else is sent',
  seen: 'Dahua',
  expect: 'picture',
  lastsMs: 10000,
  quirks: {
    session: {
      timeoutMs: 8000,
      alive: (request) => request === null || !['OPTIONS', 'GET_PARAMETER'].includes(request.method),
    },
  },
}
