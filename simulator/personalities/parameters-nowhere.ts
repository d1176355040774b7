import type { Personality } from '../personality.ts'
import { withoutParameterSets } from '../quirks/nals.ts'
import { without } from '../quirks/sdp.ts'

/** Nobody can decode it, which is said within the time to the first picture. */
export const personality: Personality = {
  kind: 'rtp',
  does: 'never tells parameter sets',
  expect: { says: /parameter sets|key frame|picture/, remedy: /./ },
  quirks: { sdp: without(/^a=fmtp/), rtp: { nals: withoutParameterSets } },
}
