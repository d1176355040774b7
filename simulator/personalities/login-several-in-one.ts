import type { Personality } from '../personality.ts'

/** RFC 9110 11.6.1 allows it, and it is hard to divide. */
export const personality: Personality = {
  kind: 'login',
  does: 'offers Basic and Digest in one header, joined by a comma',
  expect: 'picture',
  quirks: {
    auth: { user: 'ada', password: 'secret', scheme: 'digest', realm: 'Hall, 1', also: [{ scheme: 'basic' }] },
    answer: (proper) =>
      proper.status === 401
        ? { ...proper, headers: { 'WWW-Authenticate': [proper.headers?.['WWW-Authenticate'] ?? []].flat().join(', ') } }
        : proper,
  },
}
