import type { CameraId, Frame, FrameStamp } from '../types.ts'

/** People look at five pictures a second well enough; encoding all of them would cost as much as detection. */
const MIN_GAP_MS = 200
const JPEG_QUALITY = 80

export interface Pictures {
  watch(cameras: readonly CameraId[]): void
  /** Encodes the frame's picture when its camera is watched and the last one is old enough. The frame may close at once. */
  offer(frame: Frame): void
}

/** Pictures for people, made only of cameras that somebody looks at, one at a time a camera. */
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
