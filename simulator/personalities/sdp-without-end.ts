import type { Personality } from '../personality.ts'

/** A description is a few kilobytes. */
export const personality: Personality = {
  kind: 'hostile',
  does: 'goes on after the end of its description, without end',
  expect: { says: /./, remedy: /firmware|RTSP port/ },
  quirks: {
    answer: (proper, { method, headers }) =>
      method === 'DESCRIBE'
        ? {
            ...proper,
            raw: `RTSP/1.0 200 OK\r\nCSeq: ${headers.get('cseq')}\r\nContent-Length: 260000\r\n\r\n`,
            endless: 'a=x:y\r\n',
          }
        : proper,
  },
}
