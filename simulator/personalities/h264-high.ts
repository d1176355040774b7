import { h264 } from '../footage/test-picture.ts'
import type { Personality } from '../personality.ts'

/** What most cameras send. */
export const personality: Personality = {
  kind: 'picture',
  does: 'sends H.264 of the high profile',
  expect: 'picture',
  lastsMs: 1500,
  footage: h264('gop-size=12', {}, 'high'),
  size: [160, 90],
  quirks: {},
}
