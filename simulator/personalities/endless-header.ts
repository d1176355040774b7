import { flood } from '../flood.ts'
import type { Personality } from '../personality.ts'

/** Whoever keeps it fills the memory. */
export const personality: Personality = {
  kind: 'hostile',
  does: 'sends one header without end',
  expect: { says: /header of more than|no RTSP/, remedy: /./ },
  quirks: {
    serve: (socket) => {
      socket.once('data', () => flood(socket, 'RTSP/1.0 200 OK'.padEnd(64, 'x')))
    },
  },
}
