import type { Personality } from '../personality.ts'

/** RFC 8866 5 lets parsers take it. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'ends the lines of its description with a line feed only',
  expect: 'picture',
  quirks: {
    answer: (proper) =>
      proper.body === undefined ? proper : { ...proper, body: proper.body.replaceAll('\r\n', '\n') },
  },
}
