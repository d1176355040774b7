import { h265 } from '../footage/test-picture.ts'
import type { Personality } from '../personality.ts'
import { fragmentsOfOne } from '../quirks/packing.ts'

/** RFC 7798 4.4.3 forbids it. */
export const personality: Personality = {
  kind: 'rtp',
  does: 'sends small NAL units of H.265 as fragments with start and end bit',
  expect: 'picture',
  lastsMs: 1500,
  footage: h265(12),
  quirks: { rtp: { payloads: fragmentsOfOne } },
}
