import type { Personality } from '../personality.ts'

/** Packets overtake each other. */
export const personality: Personality = {
  kind: 'transport',
  does: 'delays each packet by up to 80 ms on UDP',
  expect: 'picture',
  lastsMs: 1000,
  client: { transport: 'udp' },
  quirks: {
    transport: {
      packets: (random) => (packets) => packets.map((packet) => ({ ...packet, afterMs: Math.round(random() * 80) })),
    },
  },
}
