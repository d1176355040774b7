import type { Personality } from '../personality.ts'
import { markedAlways } from '../quirks/packing.ts'

/** A client that trusts it shows parts of pictures. */
export const personality: Personality = {
  kind: 'rtp',
  does: 'sets the marker bit on every packet',
  expect: 'picture',
  lastsMs: 1500,
  quirks: { rtp: { marker: markedAlways, maxBytes: 300 } },
}
