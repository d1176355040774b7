import type { Personality } from '../personality.ts'
import { withBase } from '../quirks/answers.ts'

/** The host is the one that was asked. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'names its address in a Content-Base as ::ffff:10.0.0.5, without brackets',
  seen: 'cameras that go2rtc works around',
  expect: 'picture',
  quirks: { answer: withBase((url) => `${url.replace('rtsp://', 'rtsp://::ffff:')}/`) },
}
