import type { Personality } from '../personality.ts'
import { withoutSdes } from '../quirks/reports.ts'

/** The name of the sender is not needed. */
export const personality: Personality = {
  kind: 'time',
  does: 'sends sender reports without a source description',
  expect: 'picture',
  lastsMs: 4500,
  quirks: { rtcp: withoutSdes },
}
