import { createHash } from 'node:crypto'
import type { PersonId, ProvisionalId, TrackId } from '../../types.ts'

/** RFC 4648 base32 in lower case: an ID can be read aloud and needs no escaping in URLs and file names. */
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

/** 50 bits. Among 100,000 people there is a collision with a chance of 1 in 200,000; the later ID is then salted. */
const length = 10

const hashOf = (text: string): string => {
  const digest = createHash('sha256').update(text).digest()
  let bits = 0n
  for (const byte of digest.subarray(0, 8)) bits = (bits << 8n) | BigInt(byte)
  return Array.from({ length }, (_, i) => alphabet[Number((bits >> BigInt(59 - 5 * i)) & 31n)]).join('')
}

/**
 * Hashes a person's first track into an ID, so that the same recording gives the same IDs and no counter is saved.
 * `isTaken` must be true for the IDs of merged and deleted people too: no ID is used twice.
 */
export const personIdFor = (track: TrackId, isTaken: (id: PersonId) => boolean): PersonId => {
  for (let salt = 0; ; salt++) {
    const id = `p-${hashOf(salt === 0 ? track : `${track}#${salt}`)}`
    if (!isTaken(id)) return id
  }
}

/** The provisional ID of a track. It begins otherwise than those of people, so that it is never taken for one. */
export const provisionalIdFor = (track: TrackId): ProvisionalId => `u-${hashOf(track)}`
