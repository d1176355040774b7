import type { Personality } from '../personality.ts'
import { all, replaced } from '../quirks/sdp.ts'

/** Neither is needed for one stream. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'writes IP for IN, and its session in hexadecimal',
  seen: 'Amcrest, and cameras of FLIR and Avigilon',
  expect: 'picture',
  quirks: { sdp: all(replaced(/ IN IP4/, ' IP IP4'), replaced(/^o=- \d+/, 'o=- 0x5f3a9c')) },
}
