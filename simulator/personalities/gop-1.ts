import { h264 } from '../footage/test-picture.ts'
import type { Personality } from '../personality.ts'

/** Ten times the bits. */
export const personality: Personality = {
  kind: 'picture',
  does: 'sends key frames only',
  expect: 'picture',
  lastsMs: 1500,
  footage: h264('gop-size=1'),
  quirks: {},
}
