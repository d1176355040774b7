import { Subject } from 'rxjs'
import type { Gallery } from './identity/gallery.ts'
import type { Identity } from './identity/identity.ts'
import type { LoggedEvent, Store } from './identity/store/store.ts'
import type { Identified } from './operators/identify.ts'
import { type CameraId, type RollcallEvent, topicOf } from './types.ts'

/** The engine, whose events leave only once what they say is on disk. */
export interface Durable extends Pick<Identity, 'update' | 'change' | 'finish'> {
  /** What somebody does with people; committed and published as the engine's own events are. */
  ask(work: (gallery: Gallery) => readonly RollcallEvent[]): readonly RollcallEvent[]
  /** What `ask` brought, in the engine's order; first what an earlier run may not have published. */
  readonly asked$: Subject<Identified>
  /** Events that a crash may have kept from the sinks. */
  readonly unpublished: readonly RollcallEvent[]
  /** Every sink has these. */
  delivered(events: readonly RollcallEvent[]): void
}

/** Most of a camera's time that a crash may cost: only positions, never a person that was spoken of. */
const commitEveryMs = 1000
/** Without a store: the account of changes is emptied after so many events, so that it does not grow. */
const discardEvery = 1000

const isLogged = (event: RollcallEvent): event is LoggedEvent =>
  topicOf(event) === 'people' || event.type.startsWith('rollcall.track.')

/** Null for `store`: people are kept in memory only. Everything here throws STATE when the disk refuses a commit. */
export const createDurable = (engine: Identity, store: Store | null): Durable => {
  const asked$ = new Subject<Identified>()
  /** Since when each camera's messages are not committed, capture time: cameras' clocks differ. */
  const pendingSince = new Map<CameraId, number>()
  let discarded = 0

  const commit = (): void => {
    pendingSince.clear()
    store?.commit(engine.takeChange())
  }
  const isDue = (camera: CameraId, atMs: number): boolean => {
    const since = pendingSince.get(camera) ?? atMs
    pendingSince.set(camera, since)
    return Math.abs(atMs - since) >= commitEveryMs
  }
  const kept = (events: RollcallEvent[], camera: CameraId, atMs: number): RollcallEvent[] => {
    const logged = events.filter(isLogged).length
    if (store) {
      if (logged > 0 || isDue(camera, atMs)) commit()
    } else if ((discarded += logged) >= discardEvery) {
      engine.takeChange()
      discarded = 0
    }
    return events
  }

  return {
    asked$,
    unpublished: store?.unpublished() ?? [],
    update: (faces) => kept(engine.update(faces), faces.camera, faces.capturedAtMs),
    change: (change) => kept(engine.change(change), change.camera, change.atMs),
    finish() {
      const events = engine.finish()
      commit()
      return events
    },
    ask(work) {
      const events = work(engine)
      try {
        commit()
      } catch (error) {
        // What is in memory is no longer what is on disk: the process must not go on with it.
        asked$.error(error)
        throw error
      }
      if (events.length > 0) asked$.next({ seen: null, events })
      return events
    },
    delivered(events) {
      const last = events.filter(isLogged).at(-1)
      if (last) store?.published(last.data.sequence)
    },
  }
}
