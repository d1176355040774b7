import { h264 } from '../footage/test-picture.ts'
import type { Personality } from '../personality.ts'

/** They are one picture. */
export const personality: Personality = {
  kind: 'rtp',
  does: 'sends four slices for each picture',
  expect: 'picture',
  lastsMs: 1500,
  footage: h264('gop-size=12 slice-mode=n-slices num-slices=4'),
  quirks: {},
}
