import type { Personality } from '../personality.ts'

/** They have 32 bits (RFC 3550 5.1), and wrap every 13 hours. */
export const personality: Personality = {
  kind: 'time',
  does: 'lets its time stamps wrap around after a second',
  expect: 'picture',
  lastsMs: 4500,
  quirks: { clock: { timestampOffset: 2 ** 32 - 90_000 } },
}
