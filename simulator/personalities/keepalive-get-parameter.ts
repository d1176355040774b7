import type { Personality } from '../personality.ts'

/** RFC 2326 10.8 recommends GET_PARAMETER; OPTIONS is what most clients send. */
export const personality: Personality = {
  kind: 'session',
  does: 'drops who sends no GET_PARAMETER within two seconds; OPTIONS and reports do not count',
  seen: 'the RTSP server of VLC',
  expect: 'picture',
  lastsMs: 5000,
  quirks: { session: { timeoutMs: 2000, alive: (request) => request !== null && request.method !== 'OPTIONS' } },
}
