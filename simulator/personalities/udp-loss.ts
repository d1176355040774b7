import type { Personality } from '../personality.ts'

/** One packet in twenty, as over bad Wi-Fi. */
export const personality: Personality = {
  kind: 'transport',
  does: 'loses one packet in twenty on UDP',
  expect: 'picture',
  lastsMs: 2000,
  client: { transport: 'udp' },
  quirks: { transport: { packets: (random) => (packets) => packets.filter(() => random() >= 0.05) } },
}
