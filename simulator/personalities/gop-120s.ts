import { h264 } from '../footage/test-picture.ts'
import type { Personality } from '../personality.ts'

/** Smart codecs (H.264+, Zipstream, VIGI) do by factory default. */
export const personality: Personality = {
  kind: 'picture',
  does: 'sends a key frame every two minutes, and is joined between two',
  seen: 'Hikvision, Dahua, Axis',
  expect: 'picture',
  footage: h264('gop-size=100000', { frames: 1440 }),
  quirks: { joinsAtS: 5 },
}
