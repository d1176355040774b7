import type { Personality } from '../personality.ts'

/** The other transport is tried by itself where that is allowed. */
export const personality: Personality = {
  kind: 'transport',
  does: 'does not send over TCP, to a client that may choose',
  expect: 'picture',
  client: { transport: 'auto' },
  quirks: {
    answer: (proper, { method, headers }) =>
      method === 'SETUP' && /interleaved/.test(headers.get('transport') ?? '') ? { status: 461 } : proper,
  },
}
