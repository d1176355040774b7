import type { Personality } from '../personality.ts'
import { withBase } from '../quirks/answers.ts'

/** The rest of it is right. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'names a Content-Base that begins with rtsp://rtsp://',
  seen: 'cameras that go2rtc works around',
  expect: 'picture',
  quirks: { answer: withBase((url) => `rtsp://${url}/`) },
}
