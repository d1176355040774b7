import { type Observable, Subject } from 'rxjs'
import type { CameraId } from '../types.ts'

/** Counts the records of each camera that are on their way from a worker to the sinks. */
export interface CreditWindow {
  /** Whether the camera has a credit left. */
  hasRoom(camera: CameraId): boolean
  /** Takes a credit: a record was sent. */
  sent(camera: CameraId): void
  /** Gives a credit back: everything downstream has taken a record. */
  acknowledged(camera: CameraId): void
  /** The camera is gone: one of the same name begins with all its credits. */
  forget(camera: CameraId): void
  /** Emits a camera that had no credit left and has one again. */
  readonly freed$: Observable<CameraId>
}

/**
 * Gives each camera `size` credits. A worker takes no frame of a camera without credit, so no queue grows when a disk
 * or the identity process is slow: recordings wait, and live cameras skip frames. Credits are per camera, so no camera
 * can use up those of another.
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
      // A frame may be taken while another one is analysed that takes the last credit, so there may be more than `size`.
      if (before === size) freed.next(camera)
    },
    forget: (camera) => void underWay.delete(camera),
    freed$: freed,
  }
}
