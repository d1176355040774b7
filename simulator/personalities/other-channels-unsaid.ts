import type { Personality } from '../personality.ts'

/** Where the answer names no channels, those that were asked for are meant. */
export const personality: Personality = {
  kind: 'transport',
  does: 'names no channels in its answer to SETUP',
  expect: 'picture',
  quirks: {
    answer: (proper) => {
      const transport = proper.headers?.Transport
      return typeof transport === 'string'
        ? { ...proper, headers: { ...proper.headers, Transport: transport.replace(/;interleaved=[\d-]+/, '') } }
        : proper
    },
  },
}
