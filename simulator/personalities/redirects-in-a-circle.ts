import type { Personality } from '../personality.ts'

/** Each answer looks right. */
export const personality: Personality = {
  kind: 'hostile',
  does: 'redirects to itself',
  expect: { says: /more than 5 times/, remedy: /./ },
  quirks: { answer: (_, { uri }) => ({ status: 302, headers: { Location: uri } }) },
}
