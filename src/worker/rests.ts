import type { CameraId, FrameStamp } from '../types.ts'

/** Nobody was there for so long, by the time of capture: somebody who turns round is not lost. */
const QUIET_AFTER_MS = 1000

/** What decides whether a camera may rest. */
export interface RestsParts {
  /** Called with each change. */
  readonly rest: (camera: CameraId, isResting: boolean) => void
  /** Whether somebody looks at the camera's analysed pictures. */
  readonly isWatched: (camera: CameraId) => boolean
  /** How many faces are followed, those that were lost from sight a moment ago too. */
  readonly tracks: (camera: CameraId) => number
}

/** Lets cameras rest where nobody is, and wakes them with the first face, and with a new stream. */
export interface Rests {
  /** Takes each frame when it has been analysed. */
  note(frame: Pick<FrameStamp, 'camera' | 'stream' | 'capturedAtMs'>): void
}

/** Creates what lets cameras rest. All are awake in the beginning. */
export const createRests = ({ rest, isWatched, tracks }: RestsParts): Rests => {
  /** Since when nobody is there. */
  const quiet = new Map<CameraId, { readonly stream: string; readonly sinceMs: number }>()
  const resting = new Set<CameraId>()
  return {
    note: ({ camera, stream, capturedAtMs }) => {
      const before = quiet.get(camera)
      const isBusy = tracks(camera) > 0 || isWatched(camera)
      if (isBusy || before?.stream !== stream || before.sinceMs > capturedAtMs) {
        if (isBusy) quiet.delete(camera)
        else quiet.set(camera, { stream, sinceMs: capturedAtMs })
        if (resting.delete(camera)) rest(camera, false)
      } else if (capturedAtMs - before.sinceMs >= QUIET_AFTER_MS && !resting.has(camera)) {
        resting.add(camera)
        rest(camera, true)
      }
    },
  }
}
