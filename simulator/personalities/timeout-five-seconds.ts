import type { Personality } from '../personality.ts'

/** Clients that send a sign of life every 30 s lose it again and again. */
export const personality: Personality = {
  kind: 'session',
  does: 'announces a time-out of five seconds and keeps to it',
  seen: 'cameras that retina works around',
  expect: 'picture',
  lastsMs: 8000,
  quirks: { session: { timeoutMs: 5000, alive: (request) => request !== null } },
}
