import type { Personality } from '../personality.ts'

/** A time limit for each read never ends. */
export const personality: Personality = {
  kind: 'hostile',
  does: 'sends one byte a second',
  expect: { says: /does not answer OPTIONS within/, remedy: /network.*Restart/ },
  quirks: {
    serve: (socket) => {
      let at = 0
      const timer = setInterval(() => socket.write('RTSP/1.0 200 OK\r\nCSeq: 1\r\n'.at(at++) ?? 'X'), 1000)
      socket.on('close', () => clearInterval(timer))
    },
  },
}
