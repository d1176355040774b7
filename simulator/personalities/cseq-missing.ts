import type { Personality } from '../personality.ts'
import { formatResponse } from '../rtsp-message.ts'

/** One request waits at a time, so its answer can be told without a number. */
export const personality: Personality = {
  kind: 'session',
  does: 'answers without CSeq',
  expect: 'picture',
  quirks: {
    answer: (proper) => ({ ...proper, raw: String(formatResponse(proper, undefined)) }),
  },
}
