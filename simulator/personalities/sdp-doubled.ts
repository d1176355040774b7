import type { Personality } from '../personality.ts'
import { doubled } from '../quirks/sdp.ts'

/** Whichever of them a client takes, it gets the stream once. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'writes lines of its description twice',
  seen: 'Sony',
  expect: 'picture',
  quirks: { sdp: doubled(/^(s=|o=|t=|a=rtpmap|a=control|a=fmtp)/) },
}
