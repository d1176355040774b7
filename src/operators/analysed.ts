import type { TrackedFace } from '../tracking/tracker.ts'
import type { Detection, Face, Frame, TrackId } from '../types.ts'

/**
 * A frame on its way through the vision chain. Each face is one record, from its detection on, and each stage adds what
 * it found:
 *
 *   detectFaces   Detection     box, landmarks, score
 *   trackFaces    TrackedFace   + track, shouldEmbed
 *   embedFaces    Face          + embedding and quality where they were wanted, − shouldEmbed
 */
export interface AnalysedFrame<F extends Detection> {
  readonly frame: Frame
  readonly faces: readonly F[]
}

/** A frame after `detectFaces`: faces without a track. */
export type DetectedFrame = AnalysedFrame<Detection>

/** A frame after `trackFaces`: every face has a track. */
export type TrackedFrame = AnalysedFrame<TrackedFace>

/** A frame after `embedFaces`, ready for the identity process. */
export interface EmbeddedFrame extends AnalysedFrame<Face> {
  /** Tracks of this camera that ended since its last frame, or that this frame's embeddings split. */
  readonly endedTracks: readonly TrackId[]
}

/** Runs one stage's work, measures how long it takes, and returns its result. The pipeline passes in `stopwatch`. */
export type StageTimer = <T>(
  stage: 'detect' | 'track' | 'embed' | 'identify' | 'commit' | 'publish',
  work: () => T,
) => T

/** A `StageTimer` that measures nothing, for tests. */
export const untimed: StageTimer = (_stage, work) => work()
