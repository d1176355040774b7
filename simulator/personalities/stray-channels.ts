import type { Personality } from '../personality.ts'

/** What nobody asked for is to be left out. */
export const personality: Personality = {
  kind: 'transport',
  does: 'sends data on channels that nobody asked for',
  seen: 'cameras that retina works around',
  expect: 'picture',
  quirks: {
    transport: {
      packets: () => (packets) => [
        { channel: 8, bytes: Buffer.alloc(64, 0x80) },
        ...packets.flatMap((packet) => [packet, { channel: 200, bytes: Buffer.from('junk') }]),
      ],
    },
  },
}
