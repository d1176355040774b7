import { type Observable, Subject } from 'rxjs'
import type { CameraId } from '../types.ts'

export interface CreditWindow {
  /** False while the camera has as many records under way as it may. */
  hasRoom(camera: CameraId): boolean
  sent(camera: CameraId): void
  acknowledged(camera: CameraId): void
  /** Emits a camera that was full and has room again. */
  readonly freed$: Observable<CameraId>
}

/**
 * Bounds what is under way between vision and identity, per camera: a record counts from `sent` to `acknowledged`.
 * The vision process takes no frame of a camera that is full, so a slow disk or a busy identity process slows files down
 * and makes live cameras skip frames, and no queue grows. Per camera, so that one cannot use up the room of another.
 */
export const createCreditWindow = (size: number): CreditWindow => {
  const underWay = new Map<CameraId, number>()
  const freed = new Subject<CameraId>()
  const count = (camera: CameraId): number => underWay.get(camera) ?? 0
  return {
    hasRoom: (camera) => count(camera) < size,
    sent: (camera) => underWay.set(camera, count(camera) + 1),
    acknowledged: (camera) => {
      const before = count(camera)
      underWay.set(camera, Math.max(0, before - 1))
      if (before === size) freed.next(camera)
    },
    freed$: freed,
  }
}
