import type { Detection } from '../types.ts'
import type { TrackerOptions } from './options.ts'

/** What a track has asked of the embedder and got. Times are capture times. */
export interface EmbeddingBudget {
  /** When an embedding was last wanted; null before the first time. */
  readonly lastMs: number | null
  readonly times: number
  /** Good embeddings that came back. */
  readonly good: number
  /** Their squared qualities, summed. */
  readonly evidence: number
  /** `look` of the best face embedded so far. */
  readonly best: number
}

export const fullBudget: EmbeddingBudget = { lastMs: null, times: 0, good: 0, evidence: 0, best: 0 }

/**
 * How good a face looks before it is embedded: the detector's score, size, and how frontal it is. Only compared within
 * one track, so the scale does not matter.
 */
export const viewScore = ({ box, landmarks, score }: Detection): number => {
  const [left, right, nose] = landmarks
  const eyes = Math.hypot(right.x - left.x, right.y - left.y)
  const off = Math.abs(nose.x - (left.x + right.x) / 2) / Math.max(eyes, 1e-6)
  return score * Math.sqrt(box.width * box.height) * Math.max(0.2, 1 - off)
}

/** A track that stays weak is given up after this many times the first looks: a face so far away may never get better. */
const weakLooks = 4

/**
 * Whether this frame's face is worth an embedding: while the track is young, or weak (poor
 * faces need many looks before they can tell who it is), when the last one is old, when the face
 * looks clearly better, or when the association itself was doubtful (`risky`: after a gap, or with another face near).
 * An embedding costs as much as a whole small detection (5 ms on one core), and the frames between add little.
 */
export const shouldEmbed = (
  asked: EmbeddingBudget,
  detection: Detection,
  risky: boolean,
  atMs: number,
  options: TrackerOptions,
): boolean => {
  if (asked.lastMs === null) return true
  const since = atMs - asked.lastMs
  if (since >= options.dueMs) return true
  if (since < options.firstGapMs) return false
  // A face that never gets good (too small, turned away) stops being urgent after twice the number of first attempts.
  const young = asked.good < options.firstEmbeddings
  if (young && asked.times < 2 * options.firstEmbeddings) return true
  const isWeak = asked.good > 0 && asked.evidence < options.firstEvidence
  if (isWeak && asked.times < weakLooks * options.firstEmbeddings && since >= options.weakGapMs) return true
  // Who is still unknown may be passing: half the step will do.
  const betterBy = young ? Math.sqrt(options.betterBy) : options.betterBy
  return risky || viewScore(detection) > asked.best * betterBy
}
