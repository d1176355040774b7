import type { Personality } from '../personality.ts'

/** Its description maps it all the same. */
export const personality: Personality = {
  kind: 'rtp',
  does: 'uses a payload type of the fixed ones',
  seen: 'Geovision',
  expect: 'picture',
  lastsMs: 1500,
  quirks: { rtp: { payloadType: 50 } },
}
