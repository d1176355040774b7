import type { Personality } from '../personality.ts'
import { all, inserted, replaced } from '../quirks/sdp.ts'

const crypto = 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4'

/** RFC 4568: the key stands in the description. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'encrypts its packets (SRTP)',
  seen: 'UniFi Protect, Axis with secure transport',
  expect: { says: /SRTP/, remedy: /off.*rtsps:/ },
  quirks: { sdp: all(replaced(/^(m=video \d+) RTP\/AVP/, '$1 RTP/SAVP'), inserted(/^a=control:(?!\*)/, crypto)) },
}
