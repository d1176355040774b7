import type { Personality } from '../personality.ts'
import { replaced } from '../quirks/sdp.ts'

/** The packets come from where the session is, whatever this line says. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'writes a connection line without an address',
  expect: 'picture',
  quirks: { sdp: replaced(/^c=.*/, 'c=IN') },
}
