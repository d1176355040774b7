import type { Personality } from '../personality.ts'

/** What all others are compared with. */
export const personality: Personality = {
  kind: 'good',
  does: 'does everything right',
  expect: 'picture',
  quirks: {},
}
