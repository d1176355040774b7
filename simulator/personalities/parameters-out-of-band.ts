import type { Personality } from '../personality.ts'
import { withoutParameterSets } from '../quirks/nals.ts'

/** RFC 6184 8.1 allows it. */
export const personality: Personality = {
  kind: 'rtp',
  does: 'tells parameter sets in its description only',
  expect: 'picture',
  lastsMs: 1500,
  quirks: { rtp: { nals: withoutParameterSets } },
}
