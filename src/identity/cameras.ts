import type { CameraId, Faces, MediaMs, StreamId } from '../types.ts'

/** What the engine keeps of a camera, tracklets aside. Plain values that can be saved. */
export interface CameraRecord {
  /** The last frame number of each stream, newest stream last. */
  readonly streams: Map<StreamId, number>
  /** Recordings that were read to their end. */
  readonly read: Set<StreamId>
  /** Capture time of its newest message; it jumps back where a time line begins. Those of different cameras cannot be compared. */
  nowMs: MediaMs
  /** Between its two newest messages; 0 when there was one, or time jumped back. */
  frameMs: number
  /** When people were last looked at again as a whole, in this camera's time. */
  reclusteredMs: MediaMs
  /** State changes so far: they number its events. */
  changes: number
}

/** Whether a message came before, continues its stream, or begins one. */
export type Arrival = 'repeated' | 'continued' | 'new stream'

export interface Cameras {
  of(camera: CameraId): CameraRecord
  /** Takes note of a message, unless it came before (same camera and stream, no higher `seq`). */
  arrive(message: Faces): Arrival
  /** The recording was read to its end: all of it that comes is repeated. */
  finishRecording(camera: CameraId, stream: StreamId): void
  /** Those of which no message has come since the last call. */
  takeQuiet(): CameraId[]
  all(): ReadonlyMap<CameraId, CameraRecord>
  restore(saved: Iterable<readonly [CameraId, CameraRecord]>): void
}

/** Streams of a camera that are remembered, so that late repeats of their messages are recognised. */
const mostStreams = 64

/** Knows none at first; a camera is known from its first message or change on. */
export const createCameras = (): Cameras => {
  const cameras = new Map<CameraId, CameraRecord>()
  let heard = new Set<CameraId>()
  const of = (name: CameraId): CameraRecord => {
    const fresh = {
      streams: new Map(),
      read: new Set<StreamId>(),
      nowMs: -Infinity,
      frameMs: 0,
      reclusteredMs: -Infinity,
      changes: 0,
    }
    const camera = cameras.get(name) ?? fresh
    cameras.set(name, camera)
    return camera
  }
  return {
    of,
    arrive({ camera: name, stream, seq, capturedAtMs }) {
      const camera = of(name)
      const { streams, read } = camera
      heard.add(name)
      const before = streams.get(stream)
      if (read.has(stream) || (before !== undefined && seq <= before)) return 'repeated'
      streams.delete(stream)
      streams.set(stream, seq)
      for (const oldest of streams.keys()) if (streams.size > mostStreams) streams.delete(oldest)
      camera.frameMs = camera.nowMs === -Infinity ? 0 : Math.max(0, capturedAtMs - camera.nowMs)
      camera.nowMs = capturedAtMs
      return before === undefined ? 'new stream' : 'continued'
    },
    finishRecording(name, stream) {
      const { streams, read } = of(name)
      read.add(stream)
      streams.delete(stream)
    },
    takeQuiet() {
      const quiet = [...cameras.keys()].filter((name) => !heard.has(name))
      heard = new Set()
      return quiet
    },
    all: () => cameras,
    restore(saved) {
      for (const [name, camera] of saved) cameras.set(name, camera)
    },
  }
}
