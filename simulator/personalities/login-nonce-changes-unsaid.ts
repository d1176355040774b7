import type { Personality } from '../personality.ts'

/** A client that takes it for a wrong password gives up. */
export const personality: Personality = {
  kind: 'login',
  does: 'wants another nonce in every request, and does not say that the old one was stale',
  expect: 'picture',
  quirks: {
    auth: { user: 'ada', password: 'secret', scheme: 'digest', nonceLasts: 'one request' },
    answer: (proper) =>
      proper.status === 401
        ? {
            ...proper,
            headers: { 'WWW-Authenticate': String(proper.headers?.['WWW-Authenticate']).replace(', stale=TRUE', '') },
          }
        : proper,
  },
}
