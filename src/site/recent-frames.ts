import type { FrameEvent } from '../events/types.ts'
import type { CameraId, FrameStamp } from '../types.ts'

type FrameData = FrameEvent['data']

/** A picture arrives some milliseconds after its frame's faces; 32 frames are a second at 30 a second. */
const KEPT_PER_CAMERA = 32

/** The newest frame events of each camera. */
export interface RecentFrames {
  add(frame: FrameData): void
  forget(camera: CameraId): void
  /** The frame with this camera, stream and `seq`. Undefined when it is too old, or was not identified. */
  find(stamp: FrameStamp): FrameData | undefined
}

/** Remembers the latest frame events of each camera, so that a picture can be sent with the boxes that belong to it. */
export const recentFrames = (): RecentFrames => {
  const frames = new Map<string, FrameData[]>()
  return {
    add: (frame: FrameData): void => {
      const kept = frames.get(frame.camera) ?? []
      kept.push(frame)
      if (kept.length > KEPT_PER_CAMERA) kept.shift()
      frames.set(frame.camera, kept)
    },
    forget: (camera) => void frames.delete(camera),
    find: ({ camera, stream, seq }: FrameStamp): FrameData | undefined =>
      frames.get(camera)?.find((frame) => frame.stream === stream && frame.seq === seq),
  }
}
