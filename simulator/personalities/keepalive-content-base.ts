import type { Personality } from '../personality.ts'

/** The URL of the description, with the slash at its end, is that of the session. */
export const personality: Personality = {
  kind: 'session',
  does: 'counts signs of life only when they name the URL of its Content-Base',
  seen: 'cameras that gortsplib works around',
  expect: 'picture',
  lastsMs: 5000,
  quirks: {
    session: {
      timeoutMs: 2000,
      alive: (request) =>
        request !== null && (!['OPTIONS', 'GET_PARAMETER'].includes(request.method) || request.uri.endsWith('/')),
    },
  },
}
