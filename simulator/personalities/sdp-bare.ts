import type { Personality } from '../personality.ts'
import { without } from '../quirks/sdp.ts'

/** RFC 8866 wants them; nothing of them is needed. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'leaves out v=, o=, s=, c= and t= of its description',
  seen: 'Vurix and several others',
  expect: 'picture',
  quirks: { sdp: without(/^[vosct]=/) },
}
