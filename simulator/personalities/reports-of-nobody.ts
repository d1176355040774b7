import type { Personality } from '../personality.ts'
import { unknownSender } from '../quirks/reports.ts'

/** They say nothing of its packets. */
export const personality: Personality = {
  kind: 'time',
  does: 'sends sender reports of a sender whom nobody knows',
  seen: 'cameras that retina works around',
  expect: 'picture',
  lastsMs: 4500,
  quirks: { rtcp: unknownSender },
}
