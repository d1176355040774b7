import type { Personality } from '../personality.ts'
import { emptyFragments } from '../quirks/packing.ts'

/** They mean nothing, and lose nothing. */
export const personality: Personality = {
  kind: 'rtp',
  does: 'sends packets and fragments of no bytes',
  seen: 'cameras that retina works around',
  expect: 'picture',
  lastsMs: 1500,
  quirks: { rtp: { payloads: emptyFragments } },
}
