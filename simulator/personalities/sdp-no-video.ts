import type { Personality } from '../personality.ts'
import { replaced } from '../quirks/sdp.ts'

/** Nothing can be seen, which is said at once. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'has only sound at this path',
  expect: { says: /no video, only audio/, remedy: /another of its streams/ },
  quirks: { sdp: replaced(/^m=video.*/, 'm=audio 0 RTP/AVP 0') },
}
