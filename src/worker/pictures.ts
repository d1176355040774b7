import type { CameraId, Frame, FrameStamp } from '../types.ts'

/** Five pictures a second are enough to look at. Encoding all of them would cost as much as detection. */
const MIN_GAP_MS = 200
const JPEG_QUALITY = 80

/** The JPEG pictures for viewers of this worker's cameras. */
export interface Pictures {
  /** Sets the cameras that somebody watches, instead of those before. */
  watch(cameras: readonly CameraId[]): void
  /** Whether somebody watches the camera. */
  isWatched(camera: CameraId): boolean
  /**
   * Encodes the frame's picture when its camera is watched and 200 ms have passed since the last one. The frame may be
   * closed at once.
   */
  offer(frame: Frame): void
}

/** Encodes pictures of watched cameras only, and calls `send` with each. `nowMs` is a monotonic clock. */
export const createPictures = (
  send: (stamp: FrameStamp, jpeg: Uint8Array) => void,
  onFailure: (camera: CameraId, error: unknown) => void,
  nowMs: () => number,
): Pictures => {
  let watched: ReadonlySet<CameraId> = new Set()
  const lastAtMs = new Map<CameraId, number>()
  return {
    watch: (cameras) => {
      watched = new Set(cameras)
    },
    isWatched: (camera) => watched.has(camera),
    offer: (frame) => {
      const { camera, stream, seq, ptsUs, capturedAtMs, clock } = frame
      const at = nowMs()
      if (!watched.has(camera) || at - (lastAtMs.get(camera) ?? Number.NEGATIVE_INFINITY) < MIN_GAP_MS) return
      lastAtMs.set(camera, at)
      frame.encodeJpeg(JPEG_QUALITY).then(
        (jpeg) => send({ camera, stream, seq, ptsUs, capturedAtMs, clock }, jpeg),
        (error: unknown) => onFailure(camera, error),
      )
    },
  }
}
