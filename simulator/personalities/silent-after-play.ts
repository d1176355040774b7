import type { Personality } from '../personality.ts'

/** It promises pictures. */
export const personality: Personality = {
  kind: 'hostile',
  does: 'answers PLAY and sends nothing',
  expect: { says: /./, remedy: /./ },
  quirks: { transport: { packets: () => () => [] } },
}
