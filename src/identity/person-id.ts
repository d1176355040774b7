import { createHash } from 'node:crypto'
import type { PersonId, TrackId } from '../types.ts'

/** RFC 4648 base32, in lower case: an ID can be read aloud, and file systems and URLs leave it as it is. */
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

/** 50 bits: among 100,000 people a first collision has a chance of 1 in 200,000, and is then salted away. */
const length = 10

/**
 * The ID of the person that `track` is the first of: the same input always gives the same one, without a counter that
 * would have to be kept. `isTaken` must also know the IDs of merged people, which are never reused.
 */
export const personIdFor = (track: TrackId, isTaken: (id: PersonId) => boolean): PersonId => {
  for (let salt = 0; ; salt++) {
    const digest = createHash('sha256')
      .update(salt === 0 ? track : `${track}#${salt}`)
      .digest()
    let id = 'p-'
    let bits = 0n
    for (const byte of digest.subarray(0, 8)) bits = (bits << 8n) | BigInt(byte)
    for (let i = 0; i < length; i++) id += alphabet[Number((bits >> BigInt(59 - 5 * i)) & 31n)]
    if (!isTaken(id)) return id
  }
}
