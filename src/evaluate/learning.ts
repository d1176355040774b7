import type { IdentityOptions } from '../identity/options.ts'
import { cosineOn, type Scale } from '../identity/people/evidence.ts'
import { type IdentityBenchmark, type Judged, scoreIdentities } from './identity-scores.ts'
import { replay } from './replay.ts'
import { median } from './statistics.ts'
import type { StreamFace, StreamFrame } from './stream.ts'

/** One run of the engine: over all faces, and over those after two hours; null when the stream is shorter. */
export interface LearningRun {
  readonly all: IdentityBenchmark
  readonly late: IdentityBenchmark | null
}

/** What learning makes of a calibration that is wrong. */
export interface LearningResult {
  /** By how much all scores are too high at the start. */
  readonly shift: number
  /** The engine with the right curve, and with the wrong one, which learns nothing. */
  readonly right: LearningRun
  readonly wrong: LearningRun
  /** The wrong one, which learns as a live site does. */
  readonly learned: LearningRun
}

const twoHoursMs = 2 * 3_600_000

const runOf = (faces: readonly Judged[]): LearningRun => {
  const fromMs = (faces[0]?.atMs ?? 0) + twoHoursMs
  const late = faces.filter(({ atMs }) => atMs >= fromMs)
  return { all: scoreIdentities(faces), late: late.length > 0 ? scoreIdentities(late) : null }
}

/** The median cosine of two people in one frame, each pair of tracks once, by the truth. NaN when nobody is with anybody. */
const medianTogether = (frames: readonly StreamFrame[], on: Scale): number => {
  const cosineOf = cosineOn(on)
  const cosines = new Map<string, number>()
  const note = (a: StreamFace, b: StreamFace): void => {
    const key = `${a.track} ${b.track}`
    if (a.person !== b.person && !cosines.has(key)) cosines.set(key, cosineOf(a.embedding, b.embedding))
  }
  for (const { faces } of frames) for (const [i, a] of faces.entries()) for (const b of faces.slice(i + 1)) note(a, b)
  return median([...cosines.values()])
}

/**
 * Starts with curves that are wrong by `shift`, on the scale of scores, and compares an engine that learns with one that does
 * not. Which curve is right, the truth says. Deterministic.
 */
export const evaluateLearning = (
  frames: readonly StreamFrame[],
  on: Scale,
  shift: number,
  options: IdentityOptions,
): LearningResult => {
  const different = medianTogether(frames, on) - shift / on.scale
  const wrong = { ...on, offset: on.offset + shift, different }
  const run = (scale: Scale, ticks: boolean): LearningRun => runOf(replay(frames, options, { scale, ticks }).faces)
  return { shift, right: run(on, false), wrong: run(wrong, false), learned: run(wrong, true) }
}
