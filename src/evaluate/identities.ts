import type { IdentitySetup } from '../identity/identity.ts'
import { identityOptions } from '../identity/options.ts'
import { type Baselines, type OnStep, runBaselines } from './baselines/all.ts'
import { type IdentityBenchmark, type Judged, scoreIdentities } from './identity-scores.ts'
import { replay, shiftedThresholds } from './replay.ts'
import type { StreamFrame } from './stream.ts'

export interface IdentitiesResult extends IdentityBenchmark {
  readonly cameras: number
  readonly frames: number
  readonly tracks: number
  /** The engine with all thresholds moved by −0.08 and +0.08. */
  readonly shifted: { readonly lower: IdentityBenchmark; readonly higher: IdentityBenchmark }
  /** The same stream, after the same guard against swapped tracks. */
  readonly baselines: Baselines
}

/** How far thresholds are moved to see what a wrongly calibrated model would cost. */
export const shiftBy = 0.08

export interface IdentitiesEvaluation {
  readonly result: IdentitiesResult
  /** For the timeline: every face under the engine's ID. */
  readonly faces: readonly Judged[]
  /** Wall time, not deterministic. */
  readonly usPerFace: number
}

/** The engine, with its embedder's calibration, and all baselines on one stream. Deterministic but for the time. */
export const evaluateIdentities = (
  frames: readonly StreamFrame[],
  setup: Pick<IdentitySetup, 'scale'> = {},
  onStep: OnStep = () => {},
): IdentitiesEvaluation => {
  const options = identityOptions.parse({})
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
