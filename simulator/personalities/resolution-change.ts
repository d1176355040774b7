import { joined, pcmLoop } from '../footage/pcm-loop.ts'
import type { Personality } from '../personality.ts'

/** Somebody has changed its settings. */
export const personality: Personality = {
  kind: 'picture',
  does: 'changes the size of its pictures while it sends',
  expect: 'picture',
  lastsMs: 3500,
  footage: () => joined(pcmLoop(), pcmLoop({ width: 96, height: 80 })),
  size: [96, 80],
  quirks: {},
}
