import { h265 } from '../footage/test-picture.ts'
import type { Personality } from '../personality.ts'

/** The recovery point tells when a picture is whole (ITU-T H.265, D.2.8). */
export const personality: Personality = {
  kind: 'picture',
  does: 'refreshes its pictures column by column, without key frames',
  expect: 'picture',
  lastsMs: 1500,
  footage: h265(240, 'intra-refresh=1:bframes=0', { frames: 72 }),
  quirks: {},
}
