import { flood } from '../flood.ts'
import type { Personality } from '../personality.ts'

/** Whoever reserves what is announced has no memory left. */
export const personality: Personality = {
  kind: 'hostile',
  does: 'announces a body of 3.9 GB and sends it',
  expect: { says: /announces an answer of more than/, remedy: /firmware/ },
  quirks: {
    serve: (socket) => {
      socket.once('data', () => {
        socket.write('RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 3900000000\r\n\r\n')
        flood(socket, 'v=0\r\n')
      })
    },
  },
}
