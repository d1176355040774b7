import { h264 } from '../footage/test-picture.ts'
import type { Personality } from '../personality.ts'

/** The client has to be told. */
export const personality: Personality = {
  kind: 'picture',
  does: 'is mounted on its side, and does not say so',
  expect: 'picture',
  lastsMs: 1500,
  client: { rotate: 90 },
  footage: h264('gop-size=12'),
  size: [90, 160],
  quirks: {},
}
