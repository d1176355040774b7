import { h264, h265 } from '../footage/test-picture.ts'
import type { Personality } from '../personality.ts'

/** What was described is no longer true; only asking anew helps. */
export const personality: Personality = {
  kind: 'picture',
  does: 'changes from H.264 to H.265 in the middle of its stream',
  expect: 'picture',
  lastsMs: 4000,
  breaks: true,
  footage: h264('gop-size=12'),
  later: { footage: h265(12, '', { size: [176, 96] }), afterMs: 1000, drops: false },
  size: [176, 96],
  quirks: {},
}
