import { pcmLoop } from '../footage/pcm-loop.ts'
import type { Personality } from '../personality.ts'

/** Its lens is covered; it is there all the same. */
export const personality: Personality = {
  kind: 'picture',
  does: 'shows nothing but black',
  expect: 'picture',
  lastsMs: 1500,
  footage: () => pcmLoop({ colourAt: () => [16 / 255, 0.5, 0.5] }),
  quirks: {},
}
