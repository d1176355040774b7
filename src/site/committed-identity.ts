import { concat, defer, from, type Observable, Subject } from 'rxjs'
import type { Gallery } from '../identity/gallery.ts'
import type { Identity } from '../identity/identity.ts'
import type { LoggedEvent } from '../identity/state.ts'
import type { SightingTable } from '../identity/store/sighting-table.ts'
import type { Store } from '../identity/store/store.ts'
import type { CommitLog } from '../operators/group-commit.ts'
import type { Identified } from '../operators/identify.ts'
import { type CameraId, type RollcallEvent, topicOf, type WallMs } from '../types.ts'

/**
 * The engine and the store that keeps what it knows. `update`, `change` and `finish` give events that are not on disk yet:
 * they may leave once `hasUncommitted` says false, which `groupCommit` sees to.
 */
export interface CommittedIdentity extends Pick<Identity, 'update' | 'change' | 'finish'>, CommitLog {
  /** What somebody does with people: on disk when it returns, with everything before it. */
  readonly transact: (work: (gallery: Gallery) => readonly RollcallEvent[]) => readonly RollcallEvent[]
  /** `Identity.tick`, committed and published as what `transact` does. Never throws for a disk that refuses. */
  readonly tick: (nowMs: WallMs | null) => void
  /**
   * What `transact` brought, in the engine's order; first what an earlier run may not have published. For one subscriber;
   * completes with `finish`, fails when the disk refuses a commit.
   */
  readonly galleryEvents$: Observable<Identified>
}

/** Most that a live event waits so that others share its commit: less than a frame at 30 a second. */
export const maxCommitWaitMs = 20
/** Most of a camera's time that a crash may cost: only positions, never a person that was spoken of. */
const commitEveryMs = 1000
/** Without a store: the account of changes is emptied after so many events, so that it does not grow. */
const discardEvery = 1000

/** Those that the store keeps until every sink has them. */
export const isLogged = (event: RollcallEvent): event is LoggedEvent =>
  topicOf(event) === 'people' || topicOf(event) === 'sightings'

/**
/**
 * Null for `store`: people are kept in memory only, and sightings in `inMemory` where there is one. Everything that commits
 * throws STATE when the disk refuses, and from then on always: what is in memory is no longer what is on disk.
 */
export const createCommittedIdentity = (
  engine: Identity,
  store: Store | null,
  inMemory: SightingTable | null = null,
): CommittedIdentity => {
  const later$ = new Subject<Identified>()
  /** Null once somebody listens to `galleryEvents$`. */
  let early: Identified[] | null = []
  const unpublished = store?.unpublished() ?? []
  if (unpublished.length > 0) early.push({ seen: null, events: unpublished })
  /** Since when each camera's messages are not committed, capture time: cameras' clocks differ. */
  const pendingSince = new Map<CameraId, number>()
  /** Logged events since the last commit. */
  let uncommitted = 0
  let failure: { readonly error: unknown } | undefined

  const commit = (): void => {
    if (failure) throw failure.error
    pendingSince.clear()
    const change = engine.takeChange()
    try {
      if (store) store.commit(change)
      else inMemory?.apply(change)
    } catch (error) {
      failure = { error }
      throw error
    }
    uncommitted = 0
  }
  const isDue = (camera: CameraId, atMs: number): boolean => {
    const since = pendingSince.get(camera) ?? atMs
    pendingSince.set(camera, since)
    return Math.abs(atMs - since) >= commitEveryMs
  }
  const counted = (events: RollcallEvent[], camera: CameraId, atMs: number): RollcallEvent[] => {
    uncommitted += events.filter(isLogged).length
    // Positions alone do not wait for the disk; those behind events are committed with them.
    if (store ? uncommitted === 0 && isDue(camera, atMs) : uncommitted >= discardEvery) commit()
    return events
  }

  /** Events that no message brought: on disk when this returns, then on their way. */
  const commitAndTell = (events: readonly RollcallEvent[]): void => {
    try {
      commit()
    } catch (error) {
      later$.error(error)
      throw error
    }
    if (events.length === 0) return
    if (early) early.push({ seen: null, events })
    else later$.next({ seen: null, events })
  }

  return {
    hasUncommitted: () => store !== null && uncommitted > 0,
    commit,
    galleryEvents$: defer(() => {
      const first = early ?? []
      early = null
      return concat(from(first), later$)
    }),
    update: (faces) => counted(engine.update(faces), faces.camera, faces.capturedAtMs),
    change: (change) => counted(engine.change(change), change.camera, change.atMs),
    finish() {
      const events = engine.finish()
      uncommitted += events.filter(isLogged).length
      later$.complete()
      return events
    },
    transact(work) {
      const events = work(engine)
      commitAndTell(events)
      return events
    },
    tick(nowMs) {
      const events = engine.tick(nowMs)
      try {
        commitAndTell(events)
      } catch {
        // `galleryEvents$` has failed with it, and whoever keeps time can do nothing about it.
      }
    },
  }
}
