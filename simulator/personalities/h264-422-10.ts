import { pcmLoop } from '../footage/pcm-loop.ts'
import type { Personality } from '../personality.ts'

/** Few hardware decoders know it. */
export const personality: Personality = {
  kind: 'picture',
  does: 'sends H.264 with 4:2:2 and 10 bits',
  expect: 'picture',
  lastsMs: 1500,
  footage: () => pcmLoop({ chroma: '4:2:2', depth: 10 }),
  size: [64, 48],
  quirks: {},
}
