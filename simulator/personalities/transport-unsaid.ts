import type { Personality } from '../personality.ts'
import { withHeaders } from '../quirks/answers.ts'

/** The only offer was taken, then. */
export const personality: Personality = {
  kind: 'transport',
  does: 'answers SETUP without the header Transport',
  expect: 'picture',
  quirks: { answer: withHeaders('SETUP', { Transport: undefined }) },
}
