import type { Personality } from '../personality.ts'

/** It promises pictures. */
export const personality: Personality = {
  kind: 'hostile',
  does: 'answers PLAY and sends reports only',
  expect: { says: /answers, but sends no picture/, remedy: /stream in its settings/ },
  quirks: { transport: { packets: () => () => [] } },
}
