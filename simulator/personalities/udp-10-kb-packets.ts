import type { Personality } from '../personality.ts'

/** An IP packet is cut by the network; nothing in RTP says that it is short. */
export const personality: Personality = {
  kind: 'transport',
  does: 'sends UDP packets of 10 kB',
  seen: 'Tapo',
  expect: 'picture',
  client: { transport: 'udp' },
  quirks: { rtp: { maxBytes: 10_000 } },
}
