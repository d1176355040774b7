import type { Personality } from '../personality.ts'
import { delimited } from '../quirks/nals.ts'

/** RTP does not need them, and they do no harm. */
export const personality: Personality = {
  kind: 'rtp',
  does: 'sends access unit delimiters',
  expect: 'picture',
  lastsMs: 1500,
  quirks: { rtp: { nals: delimited } },
}
