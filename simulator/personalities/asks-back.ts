import type { Personality } from '../personality.ts'
import { formatResponse } from '../rtsp-message.ts'

/** A server may ask, too (RFC 2326 10.8). */
export const personality: Personality = {
  kind: 'session',
  does: 'asks its client with requests of its own, before each answer',
  expect: 'picture',
  quirks: {
    answer: (proper, { headers }) => ({
      ...proper,
      raw: `OPTIONS * RTSP/1.0\r\nCSeq: 77\r\n\r\n${String(formatResponse(proper, headers.get('cseq')))}`,
    }),
  },
}
