import { h264 } from '../footage/test-picture.ts'
import type { Personality } from '../personality.ts'

/** In corridors. */
export const personality: Personality = {
  kind: 'picture',
  does: 'sends pictures that are higher than wide',
  expect: 'picture',
  lastsMs: 1500,
  footage: h264('gop-size=12', { size: [90, 160] }),
  size: [90, 160],
  quirks: {},
}
