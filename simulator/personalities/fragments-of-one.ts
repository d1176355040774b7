import type { Personality } from '../personality.ts'
import { fragmentsOfOne } from '../quirks/packing.ts'

/** RFC 6184 5.8 forbids it. */
export const personality: Personality = {
  kind: 'rtp',
  does: 'sends small NAL units as fragments with start and end bit',
  seen: 'CostarHD',
  expect: 'picture',
  lastsMs: 1500,
  quirks: { rtp: { payloads: fragmentsOfOne } },
}
