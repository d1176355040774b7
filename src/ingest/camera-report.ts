import { type Observable, ReplaySubject } from 'rxjs'
import type { CameraChange, CameraId, CameraState } from '../types.ts'

/** What a change may say in addition to its reason. */
export type ChangeDetails = Pick<CameraChange, 'code' | 'retryInMs' | 'stream'>

/** The state of one camera and its changes. The camera completes it. */
export interface CameraReport {
  /** Completes when the camera has ended. A late subscriber gets the last 16 changes. */
  readonly changes$: Observable<CameraChange>
  state(): CameraState
  say(state: CameraState, reason: string, details?: ChangeDetails): void
  complete(): void
}

const REMEMBERED = 16

/** `atMs` gives the time of a change: wall time, or for recordings the time of the last frame. */
export const createCameraReport = (name: CameraId, atMs: () => number): CameraReport => {
  const changes$ = new ReplaySubject<CameraChange>(REMEMBERED)
  let state: CameraState = 'opening'
  return {
    changes$: changes$.asObservable(),
    state: () => state,
    say: (next, reason, details = {}) => {
      state = next
      changes$.next({ camera: name, state: next, atMs: atMs(), reason, ...details })
    },
    complete: () => changes$.complete(),
  }
}
