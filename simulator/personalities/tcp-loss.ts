import type { Personality } from '../personality.ts'

/** A camera whose buffer is full leaves packets out, over TCP too. */
export const personality: Personality = {
  kind: 'transport',
  does: 'leaves out one packet in twenty on TCP',
  expect: 'picture',
  lastsMs: 2000,
  quirks: { transport: { packets: (random) => (packets) => packets.filter(() => random() >= 0.05) } },
}
