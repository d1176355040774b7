import type { Personality } from '../personality.ts'
import { markedNever } from '../quirks/packing.ts'

/** Pictures are told apart by their time stamps. */
export const personality: Personality = {
  kind: 'rtp',
  does: 'never sets the marker bit',
  seen: 'FLIR M400',
  expect: 'picture',
  lastsMs: 1500,
  quirks: { rtp: { marker: markedNever } },
}
