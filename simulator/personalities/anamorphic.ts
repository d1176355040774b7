import { h265 } from '../footage/test-picture.ts'
import type { Personality } from '../personality.ts'

/** Old encoders for 704×576 do. */
export const personality: Personality = {
  kind: 'picture',
  does: 'sends pixels that are wider than high',
  expect: 'picture',
  lastsMs: 1500,
  footage: h265(12, '', { size: [120, 90], caps: ',pixel-aspect-ratio=4/3' }),
  size: [160, 90],
  quirks: {},
}
