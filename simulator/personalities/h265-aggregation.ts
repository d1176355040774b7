import { h265 } from '../footage/test-picture.ts'
import type { Personality } from '../personality.ts'
import { aggregated } from '../quirks/packing.ts'

/** RFC 7798 4.4.2 allows it. */
export const personality: Personality = {
  kind: 'rtp',
  does: 'puts several NAL units of H.265 into a packet (AP)',
  expect: 'picture',
  lastsMs: 1500,
  footage: h265(12),
  quirks: { rtp: { payloads: aggregated } },
}
