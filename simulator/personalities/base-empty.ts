import type { Personality } from '../personality.ts'
import { withBase } from '../quirks/answers.ts'

/** The URL that was described is the base. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'names an empty Content-Base',
  expect: 'picture',
  quirks: { answer: withBase(() => '') },
}
