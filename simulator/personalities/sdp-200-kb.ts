import type { Personality } from '../personality.ts'

/** Large, and within what is read. */
export const personality: Personality = {
  kind: 'hostile',
  does: 'describes itself with 200 kB of lines that mean nothing, before the video',
  expect: 'picture',
  quirks: {
    sdp: (lines) => [...lines.slice(0, 6), ...Array.from({ length: 20_000 }, (_, i) => `a=x:${i}`), ...lines.slice(6)],
  },
}
