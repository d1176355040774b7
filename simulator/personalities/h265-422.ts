import { h265 } from '../footage/test-picture.ts'
import type { Personality } from '../personality.ts'

/** Few hardware decoders know it. */
export const personality: Personality = {
  kind: 'picture',
  does: 'sends H.265 with 4:2:2 and 10 bits',
  expect: 'picture',
  lastsMs: 1500,
  footage: h265(12, '', { format: 'I422_10LE' }),
  size: [160, 90],
  quirks: {},
}
