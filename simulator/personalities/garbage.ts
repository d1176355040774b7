import { flood } from '../flood.ts'
import type { Personality } from '../personality.ts'

/** Another program listens there. */
export const personality: Personality = {
  kind: 'hostile',
  does: 'sends bytes without meaning',
  expect: { says: /speaks no RTSP/, remedy: /RTSP port/ },
  quirks: {
    serve: (socket) => flood(socket, String.fromCharCode(...Array.from({ length: 251 }, (_, i) => (i * 89 + 7) % 256))),
  },
}
