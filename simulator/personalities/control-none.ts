import type { Personality } from '../personality.ts'
import { without } from '../quirks/sdp.ts'

/** The URL that was described stands for the one track (RFC 2326 C.1.1). */
export const personality: Personality = {
  kind: 'sdp',
  does: 'has no control attributes',
  expect: 'picture',
  quirks: { sdp: without(/^a=control/) },
}
