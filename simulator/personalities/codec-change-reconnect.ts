import { h264, h265 } from '../footage/test-picture.ts'
import type { Personality } from '../personality.ts'

/** The next description tells of it. */
export const personality: Personality = {
  kind: 'picture',
  does: 'changes from H.264 to H.265 and ends its connections',
  expect: 'picture',
  lastsMs: 4000,
  breaks: true,
  footage: h264('gop-size=12'),
  later: { footage: h265(12, '', { size: [176, 96] }), afterMs: 1000, drops: true },
  size: [176, 96],
  quirks: {},
}
