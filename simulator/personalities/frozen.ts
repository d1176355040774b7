import { pcmLoop } from '../footage/pcm-loop.ts'
import type { Personality } from '../personality.ts'

/** Which is told as frozen after a time, without a reconnect. */
export const personality: Personality = {
  kind: 'picture',
  does: 'shows the same picture for ever',
  expect: 'picture',
  lastsMs: 1500,
  footage: () => pcmLoop({ colourAt: () => [0.5, 0.4, 0.6] }),
  quirks: {},
}
