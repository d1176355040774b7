import type { Personality } from '../personality.ts'
import { withChanged } from '../quirks/answers.ts'

/** The channels say that it is TCP. */
export const personality: Personality = {
  kind: 'transport',
  does: 'says RTP/AVP in its answer where it sends RTP/AVP/TCP',
  seen: 'Escam',
  expect: 'picture',
  quirks: { answer: withChanged('Transport', (it) => it.replace('RTP/AVP/TCP', 'RTP/AVP')) },
}
