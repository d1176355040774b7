import type { Personality } from '../personality.ts'

/** An unclean end keeps the place for a while; a client must not give up, nor ask too often. */
export const personality: Personality = {
  kind: 'session',
  does: 'has one session only, breaks the first connection, and notices its end late',
  seen: 'Reolink, TP-Link',
  expect: 'picture',
  lastsMs: 3000,
  breaks: true,
  quirks: { session: { most: 1, keptMs: 1500, endsAfterMs: (connection) => (connection === 0 ? 800 : null) } },
}
