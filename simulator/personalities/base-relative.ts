import type { Personality } from '../personality.ts'
import { withBase } from '../quirks/answers.ts'

/** The host is the one that was asked. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'names a Content-Base without host',
  expect: 'picture',
  quirks: { answer: withBase((url) => `${new URL(url).pathname}/`) },
}
