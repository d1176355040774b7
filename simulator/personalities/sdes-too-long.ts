import type { Personality } from '../personality.ts'
import { overlongSdes } from '../quirks/reports.ts'

/** The name of the sender is not needed. */
export const personality: Personality = {
  kind: 'time',
  does: 'sends source descriptions that say to be longer than they are',
  seen: 'Hanwha QNV-8080R',
  expect: 'picture',
  lastsMs: 4500,
  quirks: { rtcp: overlongSdes },
}
