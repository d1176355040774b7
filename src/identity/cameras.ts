import type { CameraId, Faces, StreamId } from '../types.ts'

/** What the engine keeps of a camera, tracklets aside. Plain values that can be saved. */
export interface CameraRecord {
  /** The last frame number of each stream, newest stream last. */
  readonly streams: Map<StreamId, number>
  /** Capture time of its newest message; times of different cameras cannot be compared. */
  nowMs: number
  /** When people were last looked at again as a whole, in this camera's time. */
  reclusteredMs: number
  /** State changes so far: they number its events. */
  changes: number
}

/** Whether a message came before, continues its stream, or begins one. */
export type Arrival = 'repeated' | 'continued' | 'new stream'

export interface Cameras {
  of(camera: CameraId): CameraRecord
  /** Takes note of a message, unless it came before (same camera and stream, no higher `seq`). */
  arrive(message: Faces): Arrival
  all(): ReadonlyMap<CameraId, CameraRecord>
  restore(saved: Iterable<readonly [CameraId, CameraRecord]>): void
}

/** Streams of a camera that are remembered, so that late repeats of their messages are recognised. */
const mostStreams = 64

/** Knows none at first; a camera is known from its first message or change on. */
export const createCameras = (): Cameras => {
  const cameras = new Map<CameraId, CameraRecord>()
  const of = (name: CameraId): CameraRecord => {
    const fresh = { streams: new Map(), nowMs: -Infinity, reclusteredMs: -Infinity, changes: 0 }
    const camera = cameras.get(name) ?? fresh
    cameras.set(name, camera)
    return camera
  }
  return {
    of,
    arrive({ camera: name, stream, seq, capturedAtMs }) {
      const camera = of(name)
      const { streams } = camera
      const before = streams.get(stream)
      if (before !== undefined && seq <= before) return 'repeated'
      streams.delete(stream)
      streams.set(stream, seq)
      for (const oldest of streams.keys()) if (streams.size > mostStreams) streams.delete(oldest)
      camera.nowMs = Math.max(camera.nowMs, capturedAtMs)
      return before === undefined ? 'new stream' : 'continued'
    },
    all: () => cameras,
    restore(saved) {
      for (const [name, camera] of saved) cameras.set(name, camera)
    },
  }
}
