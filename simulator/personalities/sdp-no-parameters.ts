import type { Personality } from '../personality.ts'
import { without } from '../quirks/sdp.ts'

/** They come before each key frame. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'tells no parameter sets in its description',
  expect: 'picture',
  quirks: { sdp: without(/^a=fmtp/) },
}
