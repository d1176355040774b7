import type { TrackedFace } from '../tracking/tracker.ts'
import type { Detection, Face, Frame, TrackId, Yuv } from '../types.ts'

/**
 * A frame on its way through the vision chain. Each face is one record, from its detection on, and each stage adds what
 * it found:
 *
 *   detectFaces   Detection     box, landmarks, score
 *   trackFaces    TrackedFace   + track, shouldEmbed
 *   lookCloser    CloserFace    + closer, where the big stream shows the face better
 *   embedFaces    EmbeddedFace  + embedding and quality where they were wanted, − shouldEmbed
 */
export interface AnalysedFrame<F extends Detection> {
  readonly frame: Frame
  readonly faces: readonly F[]
}

/** A frame after `detectFaces`: faces without a track. */
export type DetectedFrame = AnalysedFrame<Detection>

/** A frame after `trackFaces`: every face has a track. */
export type TrackedFrame = AnalysedFrame<TrackedFace>

/** A face of the big stream's picture, to be embedded instead of the small one's. */
export type CloserLook = Detection & { readonly full: Yuv }

/** A face after `lookCloser`. */
export interface CloserFace extends TrackedFace {
  readonly closer?: CloserLook
}

/** A frame after `lookCloser`. */
export interface CloserFrame extends AnalysedFrame<CloserFace> {
  /** True when the camera has a big stream: its embeddings say which stream they are from. */
  readonly hasDetail?: boolean
}

/** A face after `embedFaces`. What leaves the process is without `closer`, which has pixels. */
export interface EmbeddedFace extends Face {
  readonly closer?: CloserLook
}

/** A frame after `embedFaces`. */
export interface EmbeddedFrame extends AnalysedFrame<EmbeddedFace> {
  /** Tracks of this camera that ended since its last frame, or that this frame's embeddings split. */
  readonly endedTracks: readonly TrackId[]
}

/** Runs one stage's work, measures how long it takes, and returns its result. The pipeline passes in `stopwatch`. */
export type StageTimer = <T>(
  stage: 'parts' | 'detect' | 'track' | 'look' | 'embed' | 'identify' | 'commit' | 'publish',
  work: () => T,
) => T

/** A `StageTimer` that measures nothing, for tests. */
export const untimed: StageTimer = (_stage, work) => work()
