import type { Personality } from '../personality.ts'

/** The channels say that it is TCP. */
export const personality: Personality = {
  kind: 'transport',
  does: 'says RTP/AVP in its answer where it sends RTP/AVP/TCP',
  seen: 'Escam',
  expect: 'picture',
  quirks: {
    answer: (proper) => {
      const transport = proper.headers?.Transport
      return typeof transport === 'string'
        ? { ...proper, headers: { ...proper.headers, Transport: transport.replace('RTP/AVP/TCP', 'RTP/AVP') } }
        : proper
    },
  },
}
