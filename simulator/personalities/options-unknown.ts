import type { Personality } from '../personality.ts'

/** OPTIONS is only a question. */
export const personality: Personality = {
  kind: 'session',
  does: 'refuses OPTIONS with 501',
  expect: 'picture',
  quirks: { answer: (proper, { method }) => (method === 'OPTIONS' ? { status: 501 } : proper) },
}
