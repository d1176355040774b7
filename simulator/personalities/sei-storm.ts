import type { Personality } from '../personality.ts'
import { seiStorm } from '../quirks/nals.ts'

/** Most of its packets say nothing. */
export const personality: Personality = {
  kind: 'rtp',
  does: 'sends two hundred SEI units before each picture',
  expect: 'picture',
  lastsMs: 1500,
  quirks: { rtp: { nals: seiStorm(200, 30) } },
}
