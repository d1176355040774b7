import type { ParameterSets } from '../annex-b.ts'
import type { Personality } from '../personality.ts'
import { replaced } from '../quirks/sdp.ts'

const noSets: ParameterSets = { vps: [], sps: [], pps: [] }

/** It must not be put behind another one. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'names its track by an absolute URL',
  expect: 'picture',
  quirks: {
    sdp: (lines, { url }) =>
      replaced(/^a=control:trackID=0/, `a=control:${url}/trackID=0`)(lines, { codec: 'h264', sets: noSets, url }),
  },
}
