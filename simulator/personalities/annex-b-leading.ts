import type { Personality } from '../personality.ts'
import { inAnnexB } from '../quirks/nals.ts'

/** The packet has no NAL header at all. */
export const personality: Personality = {
  kind: 'rtp',
  does: 'sends each picture as a byte stream that begins with a start code',
  seen: 'Amatek AR-N3222F',
  expect: 'picture',
  lastsMs: 1500,
  quirks: { rtp: { nals: inAnnexB({ leading: true }) } },
}
