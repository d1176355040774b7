import { map, type OperatorFunction } from 'rxjs'
import type { Tracker } from '../identity/tracker.ts'
import type { CameraId } from '../types.ts'
import type { CutDetector } from '../vision/cut.ts'
import { type Detected, type Timed, type Tracked, untimed } from './analysed.ts'

export interface Following {
  readonly tracker: Tracker
  readonly cuts: CutDetector
}

/**
 * Gives every face its track: the same one as in the camera's frame before, or a new one.
 *
 *   source  -[A,B]-[C]--|
 *   output  -[T,U]-[V]--|    T = A with tracks; V continues T when both are of one camera and no cut lies between
 *
 * The state is `followings`, one per camera, because the chain is subscribed to anew for every batch.
 */
export const trackFaces = (
  followings: (camera: CameraId) => Following,
  timed: Timed = untimed,
): OperatorFunction<readonly Detected[], readonly Tracked[]> =>
  map((batch) =>
    timed('track', () =>
      batch.map((detected): Tracked => {
        const { tracker, cuts } = followings(detected.frame.camera)
        const cut = cuts.isCut(detected.frame.picture)
        const { tracks, wants, ended } = tracker.update(detected.frame, detected.detections, cut)
        return { ...detected, tracks, wanted: wants, ended }
      }),
    ),
  )
