import { pcmLoop } from '../footage/pcm-loop.ts'
import type { Personality } from '../personality.ts'

/** Its sensor sits at the edge of the two. */
export const personality: Personality = {
  kind: 'picture',
  does: 'flips between day and night every half second',
  expect: 'picture',
  lastsMs: 1500,
  footage: () => pcmLoop({ colourAt: (i) => (i % 12 < 6 ? [0.7, 0.4, 0.6] : [0.2, 0.5, 0.5]) }),
  quirks: {},
}
