import { pcmLoop } from '../footage/pcm-loop.ts'
import type { Personality } from '../personality.ts'

/** Thermal cameras do. */
export const personality: Personality = {
  kind: 'picture',
  does: 'sends H.264 without colour',
  expect: 'picture',
  lastsMs: 1500,
  footage: () => pcmLoop({ chroma: '4:0:0' }),
  size: [64, 48],
  quirks: {},
}
