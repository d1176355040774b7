import { jpegLoop } from '../footage/jpeg-loop.ts'
import type { Personality } from '../personality.ts'

/** Nothing says how wide its pictures are. */
export const personality: Personality = {
  kind: 'picture',
  does: 'sends Motion JPEG that is wider than RTP can tell, and tells it nowhere',
  expect: { says: /no JPEG of at most 2040 pixels/, remedy: /codec \(H\.264/ },
  footage: () => jpegLoop({ width: 2048, height: 64, fps: 6 }),
  quirks: { rtp: { payloadType: 26 } },
}
