import type { Personality } from '../personality.ts'
import { replaced } from '../quirks/sdp.ts'

/** A strict parser takes the space for another payload type. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'ends the lines of its description with spaces',
  seen: 'Altasec',
  expect: 'picture',
  quirks: { sdp: replaced(/$/, '  ') },
}
