import type { Personality } from '../personality.ts'
import { cutSdes } from '../quirks/reports.ts'

/** The name of the sender is not needed. */
export const personality: Personality = {
  kind: 'time',
  does: 'sends source descriptions that end too early',
  seen: 'Hanwha QNV-8080R',
  expect: 'picture',
  lastsMs: 4500,
  quirks: { rtcp: cutSdes },
}
