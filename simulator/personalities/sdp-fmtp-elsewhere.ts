import type { Personality } from '../personality.ts'

/** Without them the stream itself has all that a decoder needs. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'writes the parameters of its video at another track',
  expect: 'picture',
  quirks: {
    sdp: (lines) => [
      ...lines.filter((line) => !line.startsWith('a=fmtp')),
      'm=audio 0 RTP/AVP 0',
      'a=control:trackID=1',
      ...lines.filter((line) => line.startsWith('a=fmtp')),
    ],
  },
}
