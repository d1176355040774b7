import type { Personality } from '../personality.ts'
import { withHeaders } from '../quirks/answers.ts'

/** The URL that was described is the base. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'names no Content-Base',
  expect: 'picture',
  quirks: { answer: withHeaders('DESCRIBE', { 'Content-Base': undefined }) },
}
