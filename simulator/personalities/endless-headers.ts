import { flood } from '../flood.ts'
import type { Personality } from '../personality.ts'

/** Whoever keeps them fills the memory. */
export const personality: Personality = {
  kind: 'hostile',
  does: 'sends headers without end',
  expect: { says: /sends a header of more than/, remedy: /firmware/ },
  quirks: {
    serve: (socket) => {
      socket.once('data', () => {
        socket.write('RTSP/1.0 200 OK\r\n')
        flood(socket, 'X-More: 1\r\n')
      })
    },
  },
}
