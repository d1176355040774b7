import { h265 } from '../footage/test-picture.ts'
import type { Personality } from '../personality.ts'

/** What phones and HDR cameras send. */
export const personality: Personality = {
  kind: 'picture',
  does: 'sends H.265 of the profile main 10',
  expect: 'picture',
  lastsMs: 1500,
  footage: h265(12, '', { format: 'I420_10LE' }),
  size: [160, 90],
  quirks: {},
}
