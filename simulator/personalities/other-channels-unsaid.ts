import type { Personality } from '../personality.ts'
import { withChanged } from '../quirks/answers.ts'

/** Where the answer names no channels, those that were asked for are meant. */
export const personality: Personality = {
  kind: 'transport',
  does: 'names no channels in its answer to SETUP',
  expect: 'picture',
  quirks: { answer: withChanged('Transport', (it) => it.replace(/;interleaved=[\d-]+/, '')) },
}
