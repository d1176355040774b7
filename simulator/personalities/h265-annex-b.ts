import { h265 } from '../footage/test-picture.ts'
import type { Personality } from '../personality.ts'
import { inAnnexB } from '../quirks/nals.ts'

/** What follows a start code is a NAL unit of its own. */
export const personality: Personality = {
  kind: 'rtp',
  does: 'sends each picture of H.265 as one NAL unit with start codes inside',
  expect: 'picture',
  lastsMs: 1500,
  footage: h265(12),
  quirks: { rtp: { nals: inAnnexB({ leading: false }) } },
}
