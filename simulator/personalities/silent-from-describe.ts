import type { Personality } from '../personality.ts'

/** It answers OPTIONS, so it is there. */
export const personality: Personality = {
  kind: 'hostile',
  does: 'answers OPTIONS and nothing else',
  expect: { says: /does not answer DESCRIBE within/, remedy: /network.*Restart/ },
  quirks: { answer: (proper, { method }) => (method === 'OPTIONS' ? proper : null) },
}
