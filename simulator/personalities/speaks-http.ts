import type { Personality } from '../personality.ts'

/** The port of its web page. */
export const personality: Personality = {
  kind: 'hostile',
  does: 'speaks HTTP at this port',
  expect: { says: /speaks HTTP/, remedy: /RTSP port/ },
  quirks: {
    serve: (socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'))
    },
  },
}
