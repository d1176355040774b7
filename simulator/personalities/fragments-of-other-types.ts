import type { Personality } from '../personality.ts'
import { changingType } from '../quirks/packing.ts'

/** The type of the first fragment counts. */
export const personality: Personality = {
  kind: 'rtp',
  does: 'names another type of NAL unit in later fragments',
  seen: 'Tiandy',
  expect: 'picture',
  lastsMs: 1500,
  quirks: { rtp: { payloads: changingType } },
}
