import { pcmLoop } from '../footage/pcm-loop.ts'
import type { Personality } from '../personality.ts'

/** Analogue cameras behind an encoder do. */
export const personality: Personality = {
  kind: 'picture',
  does: 'sends two fields for each picture',
  expect: 'picture',
  lastsMs: 1500,
  footage: () => pcmLoop({ fields: true, height: 64 }),
  size: [64, 64],
  quirks: {},
}
