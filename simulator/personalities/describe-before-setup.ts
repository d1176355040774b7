import type { Personality } from '../personality.ts'

/** A client that reconnects may not skip DESCRIBE because it knows the description already. */
export const personality: Personality = {
  kind: 'session',
  does: 'refuses SETUP on a connection that has not been asked for DESCRIBE',
  seen: 'Hikvision DVRs',
  expect: 'picture',
  quirks: {
    answer: (proper, { method }, { requests }) =>
      method === 'SETUP' && !requests.some((request) => request.method === 'DESCRIBE') ? { status: 455 } : proper,
  },
}
