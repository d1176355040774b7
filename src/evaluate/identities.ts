import { type IdentityOptions, identityOptions } from '../identity/options.ts'
import { type Baselines, type OnStep, runBaselines } from './baselines/all.ts'
import { type IdentityBenchmark, type Judged, scoreIdentities } from './identity-scores.ts'
import { type ReplaySetup, replay, shiftedThresholds } from './replay.ts'
import type { StreamFrame } from './stream.ts'

/** The scores of the engine and of the baselines on one stream. They are deterministic. */
export interface IdentitiesResult extends IdentityBenchmark {
  readonly cameras: number
  readonly frames: number
  readonly tracks: number
  /** The engine with all thresholds 0.08 lower, and 0.08 higher. */
  readonly shifted: { readonly lower: IdentityBenchmark; readonly higher: IdentityBenchmark }
  /** The baselines on the same stream, after the same guard against swapped tracks. */
  readonly baselines: Baselines
}

/** How far the thresholds are shifted, to see what a wrongly calibrated model costs. */
export const shiftBy = 0.08

/** The result, with what the report needs beyond the scores. */
export interface IdentitiesEvaluation {
  readonly result: IdentitiesResult
  /** Every face with the engine's ID, for the timeline. */
  readonly faces: readonly Judged[]
  /** The engine's wall time, microseconds a face. It is not deterministic. */
  readonly usPerFace: number
}

/**
 * Runs the engine, with its embedder's calibration, and all baselines on one stream. With `untilEnd` nobody comes again when it is
 * over, as after a recording. The scores are deterministic.
 */
export const evaluateIdentities = (
  frames: readonly StreamFrame[],
  setup: Pick<ReplaySetup, 'scale' | 'untilEnd'> = {},
  onStep: OnStep = () => {},
  options: IdentityOptions = identityOptions.parse({}),
): IdentitiesEvaluation => {
  onStep('the engine')
  const { faces, usPerFace } = replay(frames, options, setup)
  const moved = (by: number): IdentityBenchmark => {
    onStep(`the engine, thresholds ${by < 0 ? '−' : '+'}${Math.abs(by)}`)
    return scoreIdentities(replay(frames, shiftedThresholds(options, by), setup).faces)
  }
  return {
    faces,
    usPerFace,
    result: {
      ...scoreIdentities(faces),
      cameras: new Set(frames.map(({ camera }) => camera)).size,
      frames: frames.length,
      tracks: new Set(frames.flatMap((frame) => frame.faces.map(({ track }) => track))).size,
      shifted: { lower: moved(-shiftBy), higher: moved(shiftBy) },
      baselines: runBaselines(frames, options.minQuality, onStep),
    },
  }
}
