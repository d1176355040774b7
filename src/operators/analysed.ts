import type { Detection, Face, Frame, TrackId } from '../types.ts'

/** A frame on its way through the vision chain; each operator adds what it found out. */
export interface Detected {
  readonly frame: Frame
  readonly detections: readonly Detection[]
}

export interface Tracked extends Detected {
  /** One per detection. */
  readonly tracks: readonly TrackId[]
  /** One per detection: does its track need an embedding from this frame? */
  readonly wanted: readonly boolean[]
  readonly ended: readonly TrackId[]
}

export interface Embedded {
  readonly frame: Frame
  readonly faces: readonly Face[]
  readonly ended: readonly TrackId[]
}

/** Times one stage's work; the pipeline passes in what feeds the stage-latency histogram. */
export type StageTimer = <T>(
  stage: 'detect' | 'track' | 'embed' | 'identify' | 'commit' | 'publish',
  work: () => T,
) => T

export const untimed: StageTimer = (_stage, work) => work()
