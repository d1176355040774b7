import type { Snapshot } from './protocol.ts'
import type { ReplayBuffer } from './replay-buffer.ts'
import type { Subscription } from './subscription.ts'

/** The newest state as JSON, UTF-8, cut to what a subscription is about. */
export type SnapshotCache = (subscription: Pick<Subscription, 'cut'>) => Buffer

/**
 * Builds the state once for all clients that ask for it at the same event, and serialises it once for those who get all
 * of it: after a restart of the server or the network hundreds come back at a time. What is kept may be as old as the
 * newest event, which is what a snapshot promises: the state after event `seq` or later.
 */
export const createSnapshotCache = (replay: Pick<ReplayBuffer, 'head'>, build: () => Snapshot): SnapshotCache => {
  let head = -1
  let snapshot: Snapshot = { cameras: [], people: [] }
  let whole: Buffer | undefined
  return (subscription) => {
    if (head !== replay.head) {
      head = replay.head
      snapshot = build()
      whole = undefined
    }
    const part = subscription.cut(snapshot)
    if (part.cameras !== snapshot.cameras || part.people !== snapshot.people) return Buffer.from(JSON.stringify(part))
    return (whole ??= Buffer.from(JSON.stringify(part)))
  }
}
