import { pcmLoop } from '../footage/pcm-loop.ts'
import type { Personality } from '../personality.ts'

/** Each of them can be decoded at once (ITU-T H.264, D.1.8). */
export const personality: Personality = {
  kind: 'picture',
  does: 'sends recovery points instead of key frames, and is joined between two',
  expect: 'picture',
  footage: () => pcmLoop({ frames: 120, keyEvery: 120, recoveryPoints: true }),
  quirks: { joinsAtS: 1.5 },
}
