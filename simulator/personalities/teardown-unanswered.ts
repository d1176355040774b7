import type { Personality } from '../personality.ts'

/** A client that waits for the answer hangs. */
export const personality: Personality = {
  kind: 'session',
  does: 'does not answer TEARDOWN',
  expect: 'picture',
  quirks: { answer: (proper, { method }) => (method === 'TEARDOWN' ? null : proper) },
}
