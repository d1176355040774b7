import type { Personality } from '../personality.ts'

/** What was sent to the old session must not get into the new pictures. */
export const personality: Personality = {
  kind: 'session',
  does: 'goes on sending the old session into the new connection after an unclean end',
  seen: 'Reolink and others with live555 of 2017 or before',
  expect: 'picture',
  lastsMs: 3000,
  breaks: true,
  quirks: { session: { sendsOnMs: 1500, endsAfterMs: (connection) => (connection === 0 ? 800 : null) } },
}
