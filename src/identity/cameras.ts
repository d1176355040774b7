import type { CameraId, Faces, MediaMs, StreamId } from '../types.ts'

/** What the engine keeps of a camera, besides its tracklets. Plain values that can be saved. */
export interface CameraRecord {
  /** The last `seq` of each stream, newest stream last. */
  readonly streams: Map<StreamId, number>
  /** Streams of recordings that were read to their end. */
  readonly read: Set<StreamId>
  /**
   * Capture time of its newest message. It may jump back with a new stream, and cannot be compared with another
   * camera's.
   */
  nowMs: MediaMs
  /** Time between its two newest messages; 0 after the first one and after a jump back. */
  frameMs: number
  /** When people were last reclustered, in this camera's time. */
  reclusteredMs: MediaMs
  /** State changes so far; the number is part of their event IDs. */
  changes: number
}

/** `repeated`: the message has been processed before. Otherwise it continues its stream or begins one. */
export type Arrival = 'repeated' | 'continued' | 'new stream'

/** The cameras of the site. */
export interface Cameras {
  /** The record of a camera; begins one for a new name. */
  of(camera: CameraId): CameraRecord
  /** Records a message. It is `repeated` when its stream had this `seq` or a higher one, and then changes nothing. */
  arrive(message: Faces): Arrival
  /** Marks a recording as read to its end: later messages of its stream are `repeated`. */
  finishRecording(camera: CameraId, stream: StreamId): void
  /** The cameras without a message since the last call. */
  takeQuiet(): CameraId[]
  /** In the order in which they were first heard of. */
  all(): ReadonlyMap<CameraId, CameraRecord>
  /** Puts the cameras of an earlier run back. */
  restore(saved: Iterable<readonly [CameraId, CameraRecord]>): void
}

/** Streams that are remembered of each camera, to recognise late repeats. */
const mostStreams = 64

/** Starts empty. A camera is added with its first message or state change. */
export const createCameras = (): Cameras => {
  const cameras = new Map<CameraId, CameraRecord>()
  let active = new Set<CameraId>()
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
      active.add(name)
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
      const quiet = [...cameras.keys()].filter((name) => !active.has(name))
      active = new Set()
      return quiet
    },
    all: () => cameras,
    restore(saved) {
      for (const [name, camera] of saved) cameras.set(name, camera)
    },
  }
}
