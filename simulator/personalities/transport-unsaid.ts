import type { Personality } from '../personality.ts'

/** The only offer was taken, then. */
export const personality: Personality = {
  kind: 'transport',
  does: 'answers SETUP without the header Transport',
  expect: 'picture',
  quirks: { answer: ({ headers: { Transport: _, ...headers } = {}, ...proper }) => ({ ...proper, headers }) },
}
