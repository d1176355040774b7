import type { FrameEvent } from '../events/types.ts'
import type { CameraId, FrameStamp } from '../types.ts'

type FrameData = FrameEvent['data']

/** A picture arrives some milliseconds after its frame's faces; 32 frames are a second at 30 a second. */
const KEPT_PER_CAMERA = 32
/** Before, when the faces go by Kafka: two seconds of stills. */
const WAITING_PER_CAMERA = 10

/** The newest frame events of each camera. */
export interface RecentFrames {
  add(frame: FrameData): void
  forget(camera: CameraId): void
  /**
   * Calls back with the frame of this camera, stream and `seq`: at once, or when it is added. Never when it is too old, or is not
   * identified.
   */
  when(stamp: FrameStamp, found: (frame: FrameData) => void): void
}

/** Remembers the latest frame events of each camera, so that a picture can be sent with the boxes that belong to it. */
export const recentFrames = (): RecentFrames => {
  const frames = new Map<CameraId, FrameData[]>()
  const waiting = new Map<CameraId, Waiting[]>()
  return {
    add: (frame) => {
      const { camera } = frame
      pushTo(frames, camera, frame, KEPT_PER_CAMERA)
      const all = waiting.get(camera)
      const index = all?.findIndex(({ stamp }) => isOf(stamp, frame)) ?? -1
      if (index < 0) return
      // Stills come in order: those before have missed their frame.
      all
        ?.splice(0, index + 1)
        .at(-1)
        ?.found(frame)
    },
    forget: (camera) => {
      frames.delete(camera)
      waiting.delete(camera)
    },
    when: (stamp, found) => {
      const frame = frames.get(stamp.camera)?.find((each) => isOf(stamp, each))
      if (frame) found(frame)
      else pushTo(waiting, stamp.camera, { stamp, found }, WAITING_PER_CAMERA)
    },
  }
}

interface Waiting {
  readonly stamp: FrameStamp
  readonly found: (frame: FrameData) => void
}

const isOf = ({ stream, seq }: FrameStamp, frame: FrameData): boolean => frame.stream === stream && frame.seq === seq

const pushTo = <T>(all: Map<CameraId, T[]>, camera: CameraId, item: T, most: number): void => {
  const kept = all.get(camera) ?? []
  kept.push(item)
  if (kept.length > most) kept.shift()
  all.set(camera, kept)
}
