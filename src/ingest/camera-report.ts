import { type Observable, ReplaySubject } from 'rxjs'
import type { CameraChange, CameraId, CameraState } from '../types.ts'

/** What a change may say beside its reason. */
export type ChangeDetails = Pick<CameraChange, 'code' | 'retryInMs' | 'stream'>

/** A camera's state, and whoever wants to hear of it. */
export interface CameraReport {
  /** Completes when the camera is over. Whoever subscribes late gets the last 16. */
  readonly changes$: Observable<CameraChange>
  state(): CameraState
  say(state: CameraState, reason: string, details?: ChangeDetails): void
  complete(): void
}

const REMEMBERED = 16

/** `atMs`: the time that a change said now happens at. */
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
