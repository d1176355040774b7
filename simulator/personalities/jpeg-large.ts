import { jpegLoop } from '../footage/jpeg-loop.ts'
import type { Personality } from '../personality.ts'
import { inserted } from '../quirks/sdp.ts'

/** More than 2040 pixels have no room in RTP; the description tells them. */
export const personality: Personality = {
  kind: 'picture',
  does: 'sends Motion JPEG that is wider than RTP can tell',
  seen: 'Axis',
  expect: 'picture',
  lastsMs: 1500,
  footage: () => jpegLoop({ width: 2048, height: 64, fps: 6 }),
  size: [2048, 64],
  quirks: { rtp: { payloadType: 26 }, sdp: inserted(/^a=control:(?!\*)/, 'a=x-dimensions:2048,64') },
}
