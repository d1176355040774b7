import type { Personality } from '../personality.ts'

/** A firewall lets the requests through, and no packet. */
export const personality: Personality = {
  kind: 'transport',
  does: 'sends nothing over UDP though it says so, to a client that may choose',
  expect: 'picture',
  client: { transport: 'auto' },
  quirks: { transport: { packets: (_, over) => (packets) => (over === 'udp' ? [] : packets) } },
}
