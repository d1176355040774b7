import type { Personality } from '../personality.ts'

/** A client that is told to use TCP has to say what to set. */
export const personality: Personality = {
  kind: 'transport',
  does: 'does not send over TCP',
  expect: { says: /does not send over TCP/, remedy: /transport: udp/ },
  quirks: {
    answer: (proper, { method, headers }) =>
      method === 'SETUP' && /interleaved/.test(headers.get('transport') ?? '') ? { status: 461 } : proper,
  },
}
