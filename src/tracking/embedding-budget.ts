import { weightOf } from '../math/template.ts'
import type { Detection } from '../types.ts'
import type { TrackerOptions } from './options.ts'

/** What a track has asked of the embedder, and what came back. Times are capture times. */
export interface EmbeddingBudget {
  /** When an embedding was last wanted; null before the first time. */
  readonly lastMs: number | null
  /** How often one was wanted. */
  readonly times: number
  /** Embeddings of at least `minQuality` that came back. */
  readonly good: number
  /** Sum of their squared qualities. */
  readonly evidence: number
  /** Highest `viewScore` of a face that was embedded. */
  readonly best: number
}

/** The budget of a track that has asked for nothing yet. */
export const fullBudget: EmbeddingBudget = { lastMs: null, times: 0, good: 0, evidence: 0, best: 0 }

/** The budget after the track has asked for an embedding of this detection. */
export const withRequest = (budget: EmbeddingBudget, detection: Detection, atMs: number): EmbeddingBudget => ({
  ...budget,
  lastMs: atMs,
  times: budget.times + 1,
  best: Math.max(budget.best, viewScore(detection)),
})

/** The budget after a good embedding of this overall quality (0–1) came back. */
export const withEmbedding = (budget: EmbeddingBudget, quality: number): EmbeddingBudget => ({
  ...budget,
  good: budget.good + 1,
  evidence: budget.evidence + weightOf(quality),
})

/** The budget of whoever took a track over: the guard split it by two good embeddings, which are theirs. */
export const afterSplit = (budget: EmbeddingBudget, evidence: number): EmbeddingBudget => ({
  ...fullBudget,
  lastMs: budget.lastMs,
  times: 2,
  good: 2,
  evidence,
})

/**
 * How good a face looks before it is embedded: the detector's score × size × how frontal it is. The unit does not
 * matter, because it is compared within one track only.
 */
export const viewScore = ({ box, landmarks, score }: Detection): number => {
  const [left, right, nose] = landmarks
  const eyes = Math.hypot(right.x - left.x, right.y - left.y)
  const off = Math.abs(nose.x - (left.x + right.x) / 2) / Math.max(eyes, 1e-6)
  return score * Math.sqrt(box.width * box.height) * Math.max(0.2, 1 - off)
}

/**
 * A weak track gets no extra embeddings after this many times `firstEmbeddings`: a face so far away may never get
 * better.
 */
const weakLooks = 4

/** A face that never gets good (too small, turned away) is no longer urgent after twice the number of first attempts. */
const isYoung = ({ good, times }: EmbeddingBudget, { firstEmbeddings }: TrackerOptions): boolean =>
  good < firstEmbeddings && times < 2 * firstEmbeddings

const isWeak = ({ good, evidence, times }: EmbeddingBudget, options: TrackerOptions): boolean =>
  good > 0 && evidence < options.firstEvidence && times < weakLooks * options.firstEmbeddings

/** Whether the track is still to be embedded more often than every `dueMs`, to learn who it is. */
export const wantsMore = (budget: EmbeddingBudget, options: TrackerOptions): boolean =>
  budget.lastMs === null || isYoung(budget, options) || isWeak(budget, options)

/**
 * Whether a track needs an embedding of this detection. It does when
 *   - it is young: fewer than `firstEmbeddings` good ones came back;
 *   - it is weak: poor faces need many embeddings before they can tell who it is;
 *   - its last one is older than `dueMs`;
 *   - this face looks clearly better than the best one embedded;
 *   - the association is doubtful (`risky`): after a gap, or with another face near.
 *
 * An embedding costs as much as a small detection (5 ms on one core), and the frames between add little.
 */
export const shouldEmbed = (
  budget: EmbeddingBudget,
  detection: Detection,
  risky: boolean,
  atMs: number,
  options: TrackerOptions,
): boolean => {
  if (budget.lastMs === null) return true
  const since = atMs - budget.lastMs
  if (since >= options.dueMs) return true
  if (since < options.firstGapMs) return false
  if (isYoung(budget, options)) return true
  if (isWeak(budget, options) && since >= options.weakGapMs) return true
  // Somebody still unknown may soon be gone, so a smaller improvement is enough.
  const isKnown = budget.good >= options.firstEmbeddings
  const betterBy = isKnown ? options.betterBy : Math.sqrt(options.betterBy)
  return risky || viewScore(detection) > budget.best * betterBy
}
