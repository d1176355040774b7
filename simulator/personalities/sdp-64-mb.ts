import type { Personality } from '../personality.ts'

/** A description is a few kilobytes. */
export const personality: Personality = {
  kind: 'hostile',
  does: 'describes itself with 64 MB',
  expect: { says: /announces an answer of more than/, remedy: /firmware|RTSP port/ },
  quirks: {
    answer: (proper, { method, headers }) =>
      method === 'DESCRIBE'
        ? {
            ...proper,
            raw: `RTSP/1.0 200 OK\r\nCSeq: ${headers.get('cseq')}\r\nContent-Length: 67108864\r\n\r\n`,
            endless: 'a=x:y\r\n',
          }
        : proper,
  },
}
