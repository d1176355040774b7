import { map, type OperatorFunction } from 'rxjs'
import type { CutDetector } from '../tracking/cut.ts'
import type { Regions } from '../tracking/regions.ts'
import type { Tracker } from '../tracking/tracker.ts'
import type { CameraId } from '../types.ts'
import type { Changes } from '../vision/changes.ts'
import { type DetectedFrame, type StageTimer, type TrackedFrame, untimed } from './analysed.ts'

/** What one camera's faces are followed with. All remember the frames before. */
export interface Following {
  readonly tracker: Tracker
  readonly cuts: CutDetector
  /** Which frames are looked at in parts; null: none. */
  readonly regions: Regions | null
  /** Which parts tell as much as the whole picture; null: none. */
  readonly changes: Changes | null
}

/**
 * Gives every face its track: the same one as in the camera's frame before, or a new one.
 *
 *   source  -[A,B]-[C]--|
 *   output  -[T,U]-[V]--|    T = A with tracks; V continues T when both are of one camera and no cut lies between
 *
 * A damaged frame shows no cut, and the next whole one is compared with the whole one before.
 * The state is in `followings`, one for each camera, because the chain is subscribed to anew for every batch.
 */
export const trackFaces = (
  followings: (camera: CameraId) => Pick<Following, 'tracker' | 'cuts'>,
  timed: StageTimer = untimed,
): OperatorFunction<readonly DetectedFrame[], readonly TrackedFrame[]> =>
  map((batch) =>
    timed('track', () =>
      batch.map(({ frame, faces }) => {
        const { tracker, cuts } = followings(frame.camera)
        return { frame, faces: tracker.update(frame, faces, !frame.damaged && cuts.isCut(frame.picture)) }
      }),
    ),
  )
