import type { Personality } from '../personality.ts'
import { seiStorm } from '../quirks/nals.ts'
import { markedParameterSets } from '../quirks/packing.ts'

/** They are no pictures. */
export const personality: Personality = {
  kind: 'rtp',
  does: 'sets the marker bit on parameter sets and SEI too',
  seen: 'Tapo TC70, Reolink Duo 2, Ivel',
  expect: 'picture',
  lastsMs: 1500,
  quirks: { rtp: { marker: markedParameterSets, nals: seiStorm(1) } },
}
