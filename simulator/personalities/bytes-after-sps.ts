import type { Personality } from '../personality.ts'
import { bytesAfterSps } from '../quirks/nals.ts'

/** The trailing bits of the SPS end it. */
export const personality: Personality = {
  kind: 'rtp',
  does: 'sends bytes behind each SPS that do not belong to it',
  seen: 'Reolink',
  expect: 'picture',
  lastsMs: 1500,
  quirks: { rtp: { nals: bytesAfterSps(0, 0, 0, 0x5a) } },
}
