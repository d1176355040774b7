import type { Personality } from '../personality.ts'
import { aggregated } from '../quirks/packing.ts'

/** RFC 6184 5.7.1 allows it. */
export const personality: Personality = {
  kind: 'rtp',
  does: 'puts several NAL units into a packet (STAP-A)',
  expect: 'picture',
  lastsMs: 1500,
  quirks: { rtp: { payloads: aggregated } },
}
