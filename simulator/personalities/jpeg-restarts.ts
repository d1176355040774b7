import { jpegLoop } from '../footage/jpeg-loop.ts'
import type { Personality } from '../personality.ts'

/** RFC 2435, 3.1.7: each row of blocks can be decoded without the one before it. */
export const personality: Personality = {
  kind: 'picture',
  does: 'sends Motion JPEG with restart markers, in small packets',
  expect: 'picture',
  lastsMs: 1500,
  footage: () => jpegLoop({ width: 320, height: 240, restartEvery: 20 }),
  size: [320, 240],
  quirks: { rtp: { payloadType: 26, maxBytes: 200 } },
}
