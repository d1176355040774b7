import type { Personality } from '../personality.ts'
import { inserted } from '../quirks/sdp.ts'

/** The first one must not hide the second. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'writes an fmtp without parameters before the right one',
  expect: 'picture',
  quirks: { sdp: inserted(/^a=fmtp/, 'a=fmtp:96') },
}
