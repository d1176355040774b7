import { createIdentity } from '../identity/identity.ts'
import type { IdentityOptions } from '../identity/options.ts'
import type { Scale } from '../identity/people/evidence.ts'
import type { Undo } from '../identity/state/journal.ts'
import type { Store } from '../identity/store/store.ts'
import type { WallMs } from '../types.ts'

/** What a copy of the engine is made of. */
export interface RehearseSetup {
  readonly store: Pick<Store, 'saved' | 'sightings' | 'settled' | 'unassigned'>
  readonly options: IdentityOptions
  readonly scale: Scale | null
  /** Commits what has changed, so that the store is up to date. */
  readonly flush: () => void
}

/**
 * Makes the function that takes an act back on a copy of the people, which is dropped afterwards. Throws what taking it back
 * throws. It reads the whole state: a second or so of ten thousand people.
 */
export const rehearsing =
  ({ store, options, scale, flush }: RehearseSetup) =>
  (undo: Undo, atMs: WallMs): void => {
    flush()
    createIdentity(options, { saved: store.saved(), archive: store, ...(scale && { scale }) }).undo(undo, atMs)
  }
