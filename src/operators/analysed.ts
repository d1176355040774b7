import type { TrackedFace } from '../tracking/tracker.ts'
import type { Detection, Face, Frame, TrackId } from '../types.ts'

/**
 * A frame on its way through the vision chain. One record stands for a face from its detection on, and each stage adds to
 * it what it found out:
 *
 *   detectFaces   Detection     box, landmarks, score
 *   trackFaces    TrackedFace   + track, shouldEmbed
 *   embedFaces    Face          + embedding and quality where they were wanted, − shouldEmbed
 */
export interface AnalysedFrame<F extends Detection> {
  readonly frame: Frame
  readonly faces: readonly F[]
}

export type DetectedFrame = AnalysedFrame<Detection>

export type TrackedFrame = AnalysedFrame<TrackedFace>

export interface EmbeddedFrame extends AnalysedFrame<Face> {
  /** Tracks that ended since the last frame of this camera, those that this frame's embeddings split included. */
  readonly endedTracks: readonly TrackId[]
}

/** Times one stage's work; the pipeline passes in what feeds the stage-latency histogram. */
export type StageTimer = <T>(
  stage: 'detect' | 'track' | 'embed' | 'identify' | 'commit' | 'publish',
  work: () => T,
) => T

export const untimed: StageTimer = (_stage, work) => work()
