import { jpegLoop } from '../footage/jpeg-loop.ts'
import type { Personality } from '../personality.ts'

/** RFC 2435, 3.1.8. */
export const personality: Personality = {
  kind: 'picture',
  does: 'sends Motion JPEG with its quantisation tables in each picture',
  expect: 'picture',
  lastsMs: 1500,
  footage: () => jpegLoop({ chroma: '4:2:2' }),
  size: [64, 48],
  quirks: { rtp: { payloadType: 26 } },
}
