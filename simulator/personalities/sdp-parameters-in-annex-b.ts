import type { Personality } from '../personality.ts'
import { replaced } from '../quirks/sdp.ts'

/** A client that takes them as they are gives its decoder rubbish first. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'tells parameter sets with start codes before them',
  seen: 'V380',
  expect: 'picture',
  quirks: {
    sdp: (lines, { sets }) => {
      const led = [...sets.sps, ...sets.pps].map((nal) => Buffer.from([0, 0, 0, 1, ...nal]).toString('base64'))
      return replaced(/sprop-parameter-sets=.*/, `sprop-parameter-sets=${led.join(',')}`)(lines, {
        codec: 'h264',
        sets,
        url: '',
      })
    },
  },
}
