import type { Personality } from '../personality.ts'
import { withBase } from '../quirks/answers.ts'

/** The rest of it is right. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'names a Content-Base without its scheme',
  seen: 'Anjvision',
  expect: 'picture',
  quirks: { answer: withBase((url) => `${url.replace('rtsp://', '')}/`) },
}
