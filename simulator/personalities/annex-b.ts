import type { Personality } from '../personality.ts'
import { inAnnexB } from '../quirks/nals.ts'

/** What follows a start code is a NAL unit of its own. */
export const personality: Personality = {
  kind: 'rtp',
  does: 'sends each picture as one NAL unit with start codes inside',
  seen: 'V380',
  expect: 'picture',
  lastsMs: 1500,
  quirks: { rtp: { nals: inAnnexB({ leading: false }) } },
}
