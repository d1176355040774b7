import type { Personality } from '../personality.ts'
import { inserted } from '../quirks/sdp.ts'

/** Who sets them all up gets no picture. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'describes sound, a way back, metadata and something unknown before its video',
  seen: 'TP-Link, Amcrest and Dahua',
  expect: 'picture',
  quirks: {
    sdp: inserted(
      /^m=video/,
      'm=audio 0 RTP/AVP 0',
      'a=control:trackID=1',
      'm=audio 0 RTP/AVP 0',
      'a=sendonly',
      'a=control:trackID=2',
      'm=application 0 RTP/AVP 107',
      'a=rtpmap:107 vnd.onvif.metadata/90000',
      'a=control:trackID=3',
      'm=application/TP-LINK 0 RTP/AVP smart/1/90000',
      'a=control:trackID=4',
    ),
    // One that is asked for takes the session away.
    answer: (proper, { method, uri }) => (method === 'SETUP' && !uri.endsWith('trackID=0') ? { status: 500 } : proper),
  },
}
