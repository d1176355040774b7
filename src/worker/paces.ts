import type { CameraId, FrameStamp, Pace } from '../types.ts'
import { noDoubt, type SleepDoubt } from './sleep-doubt.ts'

/** Nobody was there for so long, by the time of capture: somebody who turns round is not lost. */
const QUIET_AFTER_MS = 1000

/** What decides how many frames of a camera are analysed. */
export interface PacesParts {
  /** Called with each change. `isStirred`: nobody is there, and something moves. */
  readonly pace: (camera: CameraId, pace: Pace, isStirred: boolean) => void
  /** Whether somebody looks at the camera's analysed pictures. */
  readonly isWatched: (camera: CameraId) => boolean
  /** Whether only key frames of it are decoded now, because nothing moves. */
  readonly isAsleep: (camera: CameraId) => boolean
  /** Whether something moves that nobody is known for. */
  readonly isStirred: (camera: CameraId) => boolean
  /** `count`: the faces that are followed, those that were lost from sight a moment ago too. */
  readonly tracker: (camera: CameraId) => { readonly count: number; readonly isSteady: () => boolean }
}

/** Gives each camera its pace by what its frames show. */
export interface Paces {
  /** Takes each frame when it has been analysed. */
  note(frame: Pick<FrameStamp, 'camera' | 'stream' | 'capturedAtMs'>): void
}

interface Followed {
  readonly stream: string
  readonly pace: Pace
  readonly isStirred: boolean
  /** Since when nobody is there; null while somebody is. */
  readonly quietSinceMs: number | null
  readonly doubt: SleepDoubt
}

/** Creates what gives cameras their pace. With a new stream a camera is awake. */
export const createPaces = ({ pace, isWatched, isAsleep, isStirred, tracker }: PacesParts): Paces => {
  const followed = new Map<CameraId, Followed>()
  return {
    note: ({ camera, stream, capturedAtMs }) => {
      const known = followed.get(camera)
      const anew: Followed = { stream, pace: 'awake', isStirred: false, quietSinceMs: null, doubt: noDoubt }
      const before = known?.stream === stream ? known : anew
      const { count, isSteady } = tracker(camera)
      // A clock that goes back begins anew.
      const sinceMs = Math.min(before.quietSinceMs ?? capturedAtMs, capturedAtMs)
      const isQuiet = count === 0 && capturedAtMs - sinceMs >= QUIET_AFTER_MS
      const hasCome = count > 0 && before.pace === 'dozing'
      const doubt = hasCome ? before.doubt.found(capturedAtMs, isAsleep(camera)) : before.doubt
      const quiet = doubt.holds(capturedAtMs) ? 'resting' : 'dozing'
      const now = isWatched(camera) || !isSteady() ? 'awake' : isQuiet ? quiet : 'steady'
      const quietSinceMs = count === 0 && !isWatched(camera) ? sinceMs : null
      const stirred = (now === 'resting' || now === 'dozing') && isStirred(camera)
      followed.set(camera, { stream, pace: now, isStirred: stirred, quietSinceMs, doubt })
      const isOther = (last: Followed): boolean => now !== last.pace || stirred !== last.isStirred
      if (isOther(before) || isOther(known ?? before)) pace(camera, now, stirred)
    },
  }
}
