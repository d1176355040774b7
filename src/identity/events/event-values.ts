import type { Candidate, Compared, Decision, FrameFace } from '../../events/types.ts'
import type { Box, Face } from '../../types.ts'
import { probabilityOf } from '../risk.ts'

/**
 * 1e-5 of the picture, at most one picture outside of it: a fifth of a pixel at 20,000 pixels, finer than any detector.
 */
const place = (value: number): number => Math.round(Math.min(2, Math.max(-1, value)) * 1e5) / 1e5

/** Rounds a box to 1e-5 of the picture. */
export const roundedBox = ({ x, y, width, height }: Box): Box => ({
  x: place(x),
  y: place(y),
  width: place(width),
  height: place(height),
})

/** Rounds to 4 decimals: no share, quality or score is measured finer. */
export const share = (value: number): number => Math.round(value * 1e4) / 1e4

/**
 * The bound of published scores, either sign. No score beyond it decides anything, but a model's scale could give more.
 */
const mostScore = 4
const bounded = (value: number, most: number): number => share(Math.min(most, Math.max(-most, value)))

const latestMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/** Unix milliseconds as RFC 3339 with whole milliseconds, clamped to 1970–9999. NaN is 1970. */
export const timeOf = (atMs: number): string =>
  new Date(Math.min(latestMs, Math.max(0, Math.round(atMs) || 0))).toISOString()

/** Rounds the numbers to 4 decimals, adds the probability, and cuts the cosine off at 1: rounded vectors may exceed it a little. */
export const roundedCandidate = ({ person, similarity, score }: Candidate): Candidate => ({
  person,
  similarity: bounded(similarity, 1),
  score: bounded(score, mostScore),
  probability: share(probabilityOf(score)),
})

/** Rounds a decision. Leaves its person out: events name the person by today's ID. */
export const roundedDecision = ({ candidate, runnerUp, threshold, reason }: Decision): Omit<Decision, 'person'> => ({
  candidate: candidate && roundedCandidate(candidate),
  runnerUp: runnerUp && roundedCandidate(runnerUp),
  threshold: share(threshold),
  reason,
})

/** Rounds the comparison behind a merge or split; all null when a user asked for it. */
export const roundedComparison = (why: Compared | null) =>
  why ? roundedCompared(why) : { similarity: null, score: null, probability: null, threshold: null }

/** Rounds a comparison and adds the probability. */
export const roundedCompared = ({ similarity, score, threshold }: Compared) => ({
  similarity: bounded(similarity, 1),
  score: bounded(score, mostScore),
  probability: share(probabilityOf(score)),
  threshold: share(threshold),
})

/** A face for consumers, rounded; leaves out the embedding. */
export const frameFace = (face: Face, decision: Decision): FrameFace => {
  const { box, landmarks } = face
  const [a, b, c, d, e] = landmarks.map(({ x, y }) => ({ x: place(x), y: place(y) }))
  const origin = { x: 0, y: 0 }
  return {
    track: face.track,
    box: roundedBox(box),
    landmarks: [a ?? origin, b ?? origin, c ?? origin, d ?? origin, e ?? origin],
    score: share(face.score),
    quality: face.quality ? share(face.quality.overall) : null,
    ...(face.source && { source: face.source }),
    person: decision.person,
    ...roundedDecision(decision),
  }
}
