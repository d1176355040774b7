import type { Personality } from '../personality.ts'

/** Its own time is not known. */
export const personality: Personality = {
  kind: 'time',
  does: 'sends no sender reports',
  seen: 'the cheapest cameras',
  expect: 'picture',
  lastsMs: 4500,
  quirks: { clock: { reportEveryMs: null } },
}
