import type { Personality } from '../personality.ts'
import { replaced } from '../quirks/sdp.ts'

/** Those before each key frame are right. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'tells parameter sets that are none',
  expect: 'picture',
  quirks: { sdp: replaced(/sprop-parameter-sets=.*/, 'sprop-parameter-sets=%%%,////;x=y=z;;') },
}
