import type { Personality } from '../personality.ts'

/** A firewall or a full table of connections. */
export const personality: Personality = {
  kind: 'hostile',
  does: 'closes every connection after the first request',
  expect: { says: /closes the connection without an answer/, remedy: /./ },
  quirks: {
    serve: (socket) => {
      socket.once('data', () => socket.destroy())
    },
  },
}
