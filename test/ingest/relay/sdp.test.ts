import { expect, test } from 'vitest'
import { videoOnly } from '../../../src/ingest/relay/sdp.ts'

const session = 'v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=camera\r\nt=0 0\r\na=control:*\r\n'
const media = (line: string, control: string, ...more: readonly string[]) =>
  [`m=${line}`, ...more, `a=control:${control}`, ''].join('\r\n')
const h264 = (control: string) => media('video 0 RTP/AVP 96', control, 'a=rtpmap:96 H264/90000')
const h265 = (control: string) => media('video 0 RTP/AVP 97', control, 'a=rtpmap:97 H265/90000')
const others = [
  media('audio 0 RTP/AVP 0', 'sound'),
  media('audio 0 RTP/AVP 0', 'back', 'a=sendonly'),
  media('application 0 RTP/AVP 107', 'metadata', 'a=rtpmap:107 vnd.onvif.metadata/90000'),
  media('video 0 RTP/AVP 98', 'thermal', 'a=rtpmap:98 X-SECRET/90000'),
]

test.each([
  ['before', [...others, h264('first')]],
  ['behind', [h264('first'), ...others]],
  ['around', [...others, h264('first'), ...others]],
])('sound, the way back, metadata and unknown video %s the video are not asked for', (_, sections) => {
  expect(videoOnly([session, ...sections].join(''), 'cam:554')).toBe(session + h264('first'))
})

test.each([
  [[h264('main'), h264('sub')], h264('main')],
  [[h265('main'), h264('sub'), h265('third')], h265('main')],
])('of several videos only the first is asked for', (sections, first) => {
  expect(videoOnly([session, ...sections].join(''), 'cam:554')).toBe(session + first)
})
