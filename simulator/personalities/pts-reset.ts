import type { Personality } from '../personality.ts'
import { rtpReset } from '../quirks/times.ts'

/** The pictures go on, and so must their times. */
export const personality: Personality = {
  kind: 'time',
  does: 'begins its time stamps anew',
  seen: 'Tapo',
  expect: 'picture',
  lastsMs: 4500,
  quirks: { clock: rtpReset(2) },
}
