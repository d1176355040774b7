import type { Personality } from '../personality.ts'

/** Faster than anybody can read. */
export const personality: Personality = {
  kind: 'hostile',
  does: 'sends packets that are no pictures without end',
  expect: { says: /./, remedy: /./ },
  quirks: {
    transport: {
      packets: () => () => Array.from({ length: 2000 }, () => ({ channel: 0, bytes: Buffer.alloc(1400, 0x80) })),
    },
  },
}
