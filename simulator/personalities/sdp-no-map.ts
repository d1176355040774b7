import type { Personality } from '../personality.ts'
import { without } from '../quirks/sdp.ts'

/** The parameters tell it: only H.264 has these. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'does not say which codec its payload type is',
  expect: 'picture',
  quirks: { sdp: without(/^a=rtpmap/) },
}
