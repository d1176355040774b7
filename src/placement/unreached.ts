import type { CameraChange, CameraId } from '../types.ts'
import type { Slot } from './assign.ts'

/** Which cameras this worker does not reach, and which it gave back for that. */
export interface Unreached {
  /** The camera is tried from now on. */
  opened(camera: CameraId): void
  closed(camera: CameraId): void
  note(change: Pick<CameraChange, 'camera' | 'state'>): void
  /** Cameras that have not been reached for so long that another worker should try. */
  readonly due: () => readonly CameraId[]
  refuse(slot: Slot): void
  /** What was given back, as long as that counts. */
  readonly refused: () => ReadonlySet<Slot>
}

/** How long it waits, milliseconds. */
export interface UnreachedTimes {
  /** Until a camera that is not reached is given back. */
  readonly giveBackAfterMs: number
  /** Until this worker may get it again although others would take it. */
  readonly refusedForMs: number
}

/** Nothing is open yet. `elapsedMs` is a monotonic clock. */
export const createUnreached = (times: UnreachedTimes, elapsedMs: () => number): Unreached => {
  const since = new Map<CameraId, number>()
  const until = new Map<Slot, number>()
  return {
    opened: (camera) => void since.set(camera, elapsedMs()),
    closed: (camera) => void since.delete(camera),
    note: ({ camera, state }) => {
      if (state === 'offline') since.set(camera, since.get(camera) ?? elapsedMs())
      else if (state !== 'opening') since.delete(camera)
    },
    due: () => [...since].filter(([, from]) => elapsedMs() - from >= times.giveBackAfterMs).map(([camera]) => camera),
    refuse: (slot) => void until.set(slot, elapsedMs() + times.refusedForMs),
    refused: () => {
      for (const [slot, end] of until) if (elapsedMs() >= end) until.delete(slot)
      return new Set(until.keys())
    },
  }
}
