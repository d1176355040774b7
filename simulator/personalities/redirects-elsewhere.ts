import type { Personality } from '../personality.ts'

/** The password is for nobody else. */
export const personality: Personality = {
  kind: 'hostile',
  does: 'redirects to a host of somebody else',
  expect: { says: /192\.0\.2\.1/, remedy: /redirectHosts/ },
  quirks: { answer: () => ({ status: 301, headers: { Location: 'rtsp://192.0.2.1/s' } }) },
}
