import type { Personality } from '../personality.ts'

/** Nothing is described, which is said at once. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'answers DESCRIBE with an empty body',
  expect: { says: /describes no stream/, remedy: /URL of another/ },
  quirks: { answer: (proper, { method }) => (method === 'DESCRIBE' ? { status: 200 } : proper) },
}
