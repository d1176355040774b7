import { map, type OperatorFunction } from 'rxjs'
import type { CutDetector } from '../tracking/cut.ts'
import type { Tracker } from '../tracking/tracker.ts'
import type { CameraId } from '../types.ts'
import { type Detected, type StageTimer, type Tracked, untimed } from './analysed.ts'

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
  timed: StageTimer = untimed,
): OperatorFunction<readonly Detected[], readonly Tracked[]> =>
  map((batch) =>
    timed('track', () =>
      batch.map((detected): Tracked => {
        const { tracker, cuts } = followings(detected.frame.camera)
        const cut = cuts.isCut(detected.frame.picture)
        const { tracks, shouldEmbed, ended } = tracker.update(detected.frame, detected.detections, cut)
        return { ...detected, tracks, wanted: shouldEmbed, ended }
      }),
    ),
  )
