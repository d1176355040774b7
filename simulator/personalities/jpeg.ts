import { jpegLoop } from '../footage/jpeg-loop.ts'
import type { Personality } from '../personality.ts'
import { without } from '../quirks/sdp.ts'

/** RFC 2435 with a quality factor, by the payload type that needs no name. */
export const personality: Personality = {
  kind: 'picture',
  does: 'sends Motion JPEG with a quality instead of quantisation tables',
  seen: 'cameras of before 2010, and door stations',
  expect: 'picture',
  lastsMs: 1500,
  // Quality 50 is the standard table itself, whose first value is 16.
  footage: () => jpegLoop({ divisor: 16 }),
  size: [64, 48],
  quirks: { rtp: { payloadType: 26, jpegQuality: 50 }, sdp: without(/^a=rtpmap/) },
}
