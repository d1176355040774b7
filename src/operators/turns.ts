/** Whose turn it is among keys that do not always have something. */
export interface Turns<Key> {
  /** The keys of `ready` in the order of their turns; among equals their own order. */
  order(ready: readonly Key[]): readonly Key[]
  /** Notes that a key had its turn. */
  served(key: Key): void
}

/** A key that had nothing may have so many turns more than the others afterwards. */
const MOST_CREDIT = 8

/**
 * Gives every key as many turns, also those that often have nothing when theirs comes: they have them later. Without that a
 * camera whose pictures come in bursts, because its decoder is behind, gets a third of the others' frames. What a key missed
 * long ago is forgotten. Start-time fair queueing (P. Goyal et al., 1997), with a bounded credit.
 */
export const createTurns = <Key>(): Turns<Key> => {
  const next = new Map<Key, number>()
  /** The turn of the key that was served last, or of one that was further. */
  let now = 0
  const turnOf = (key: Key): number => Math.max(next.get(key) ?? now, now - MOST_CREDIT)
  return {
    order: (ready) => ready.toSorted((a, b) => turnOf(a) - turnOf(b)),
    served: (key) => {
      const turn = turnOf(key)
      next.set(key, turn + 1)
      now = Math.max(now, turn)
    },
  }
}
