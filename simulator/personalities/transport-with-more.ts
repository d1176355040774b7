import type { Personality } from '../personality.ts'
import { withChanged } from '../quirks/answers.ts'

/** Names are to be read without regard to case, and what is unknown to be skipped. */
export const personality: Personality = {
  kind: 'transport',
  does: 'spells its transport in small letters, with parameters that nobody knows',
  expect: 'picture',
  quirks: {
    answer: withChanged('Transport', (it) => `${it.replace('RTP/AVP/TCP', 'rtp/avp/tcp')};mode="play";x-vendor=1;ttl=`),
  },
}
