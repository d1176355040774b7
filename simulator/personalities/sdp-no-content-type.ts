import type { Personality } from '../personality.ts'
import { withHeaders } from '../quirks/answers.ts'

/** There is no other kind of body. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'does not say that its description is one',
  expect: 'picture',
  quirks: { answer: withHeaders('DESCRIBE', { 'Content-Type': undefined }) },
}
