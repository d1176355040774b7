import type { Personality } from '../personality.ts'

/** Numbers tell what has come already. */
export const personality: Personality = {
  kind: 'transport',
  does: 'sends each packet twice on UDP',
  expect: 'picture',
  lastsMs: 1000,
  client: { transport: 'udp' },
  quirks: { transport: { packets: () => (packets) => packets.flatMap((packet) => [packet, packet]) } },
}
