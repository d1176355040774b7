import type { Personality } from '../personality.ts'

/** Numbers tell the order. */
export const personality: Personality = {
  kind: 'transport',
  does: 'sends packets of a picture in another order on UDP',
  expect: 'picture',
  lastsMs: 1000,
  client: { transport: 'udp' },
  quirks: { transport: { packets: (random) => (packets) => packets.toSorted(() => random() - 0.5) } },
}
