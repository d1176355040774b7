import { jpegLoop } from '../footage/jpeg-loop.ts'
import type { Personality } from '../personality.ts'

/** RTP counts in blocks of eight pixels: what an encoder added at the edges is seen. */
export const personality: Personality = {
  kind: 'picture',
  does: 'sends Motion JPEG of an odd size',
  expect: 'picture',
  lastsMs: 1500,
  footage: () => jpegLoop({ width: 67, height: 51 }),
  size: [72, 56],
  quirks: { rtp: { payloadType: 26 } },
}
