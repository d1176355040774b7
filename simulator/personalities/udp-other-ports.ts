import type { Personality } from '../personality.ts'

/** Packets may come from anywhere; reports to nowhere do no harm. */
export const personality: Personality = {
  kind: 'transport',
  does: 'names ports in its answer from which it does not send',
  expect: 'picture',
  client: { transport: 'udp' },
  quirks: {
    answer: (proper) => {
      const transport = proper.headers?.Transport
      return typeof transport === 'string'
        ? {
            ...proper,
            headers: { ...proper.headers, Transport: transport.replace(/server_port=[\d-]+/, 'server_port=9-10') },
          }
        : proper
    },
  },
}
