import { concat, defer, from, type Observable, Subject } from 'rxjs'
import type { Gallery } from '../identity/gallery.ts'
import type { Identity } from '../identity/identity.ts'
import type { LoggedEvent, Store } from '../identity/store/store.ts'
import type { Identified } from '../operators/identify.ts'
import { type CameraId, type RollcallEvent, topicOf } from '../types.ts'

/** The engine, whose events leave only once what they say is on disk. */
export interface CommittedIdentity extends Pick<Identity, 'update' | 'change' | 'finish'> {
  /** What somebody does with people; committed and published as the engine's own events are. */
  readonly transact: (work: (gallery: Gallery) => readonly RollcallEvent[]) => readonly RollcallEvent[]
  /**
   * What `ask` brought, in the engine's order; first what an earlier run may not have published. For one subscriber;
   * completes with `finish`, fails when the disk refuses a commit.
   */
  readonly galleryEvents$: Observable<Identified>
}

/** Most of a camera's time that a crash may cost: only positions, never a person that was spoken of. */
const commitEveryMs = 1000
/** Without a store: the account of changes is emptied after so many events, so that it does not grow. */
const discardEvery = 1000

/** Those that the store keeps until every sink has them. */
export const isLogged = (event: RollcallEvent): event is LoggedEvent =>
  topicOf(event) === 'people' || event.type.startsWith('rollcall.track.')

/** Null for `store`: people are kept in memory only. Everything here throws STATE when the disk refuses a commit. */
export const createCommittedIdentity = (engine: Identity, store: Store | null): CommittedIdentity => {
  const later$ = new Subject<Identified>()
  /** Null once somebody listens to `galleryEvents$`. */
  let early: Identified[] | null = []
  const unpublished = store?.unpublished() ?? []
  if (unpublished.length > 0) early.push({ seen: null, events: unpublished })
  /** Since when each camera's messages are not committed, capture time: cameras' clocks differ. */
  const pendingSince = new Map<CameraId, number>()
  let discarded = 0

  const commit = (): void => {
    pendingSince.clear()
    discarded = 0
    const change = engine.takeChange()
    store?.commit(change)
  }
  const isDue = (camera: CameraId, atMs: number): boolean => {
    const since = pendingSince.get(camera) ?? atMs
    pendingSince.set(camera, since)
    return Math.abs(atMs - since) >= commitEveryMs
  }
  const kept = (events: RollcallEvent[], camera: CameraId, atMs: number): RollcallEvent[] => {
    const logged = events.filter(isLogged).length
    discarded += logged
    if (store ? logged > 0 || isDue(camera, atMs) : discarded >= discardEvery) commit()
    return events
  }

  return {
    galleryEvents$: defer(() => {
      const first = early ?? []
      early = null
      return concat(from(first), later$)
    }),
    update: (faces) => kept(engine.update(faces), faces.camera, faces.capturedAtMs),
    change: (change) => kept(engine.change(change), change.camera, change.atMs),
    finish() {
      const events = engine.finish()
      commit()
      later$.complete()
      return events
    },
    transact(work) {
      const events = work(engine)
      try {
        commit()
      } catch (error) {
        // What is in memory is no longer what is on disk: the process must not go on with it.
        later$.error(error)
        throw error
      }
      const asked: Identified = { seen: null, events }
      if (events.length > 0) {
        if (early) early.push(asked)
        else later$.next(asked)
      }
      return events
    },
  }
}
