import { pcmLoop } from '../footage/pcm-loop.ts'
import type { Personality } from '../personality.ts'

/** Coded in whole blocks, and cropped. */
export const personality: Personality = {
  kind: 'picture',
  does: 'sends pictures of an odd size',
  expect: 'picture',
  lastsMs: 1500,
  footage: () => pcmLoop({ width: 67, height: 51, chroma: '4:4:4' }),
  size: [67, 51],
  quirks: {},
}
