import type { Snapshot } from './protocol.ts'
import type { ReplayBuffer } from './replay-buffer.ts'
import type { Subscription } from './subscription.ts'

/** Gives the state as JSON in UTF-8, cut to what a subscription asks for. */
export type SnapshotCache = (subscription: Pick<Subscription, 'cut'>) => Buffer

/**
 * Builds the state once for all clients that ask for it before the next event, and serialises it once for those that get all of
 * it: after a restart of the server or the network hundreds come back at a time. A cached state is no older than the newest
 * event, and a snapshot promises no more: the state after event `seq` or later.
 */
export const createSnapshotCache = (replay: Pick<ReplayBuffer, 'head'>, build: () => Snapshot): SnapshotCache => {
  let head = -1
  let snapshot: Snapshot = { cameras: [], people: [], aliases: {}, sightings: [] }
  let whole: Buffer | undefined
  return (subscription) => {
    if (head !== replay.head) {
      head = replay.head
      snapshot = build()
      whole = undefined
    }
    const part = subscription.cut(snapshot)
    if (part !== snapshot) return Buffer.from(JSON.stringify(part))
    return (whole ??= Buffer.from(JSON.stringify(part)))
  }
}
