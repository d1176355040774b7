import { agreement } from '../math/template.ts'
import type { Detection, TrackId } from '../types.ts'
import { afterSplit, type EmbeddingBudget, fullBudget, withEmbedding } from './embedding-budget.ts'
import { follow, type Motion, still } from './motion.ts'
import type { TrackerOptions } from './options.ts'
import { type Guarded, guardSwap, unguarded } from './swap-guard.ts'

/**
 * The life of a track, in the terms of ByteTrack (Y. Zhang et al., ECCV 2022).
 *
 *   new ──▶ tracked ◀──▶ lost
 *    └─────────┴──────────┴───▶ removed
 *
 * `new`: seen in fewer than `confirmFrames` frames. Most are false alarms, so they are removed soon.
 * `tracked`: seen in the newest frame.
 * `lost`: not seen in the newest frame. It is `tracked` again when a detection matches where it should be now.
 * `removed`: not seen for too long, or ended by a cut or a new stream. Its ID is never used again.
 */
export type TrackState = 'new' | 'tracked' | 'lost' | 'removed'

/** One face, followed through the frames of one camera. Owned and changed by the camera's tracker. */
export interface Track {
  id: TrackId
  state: TrackState
  motion: Motion
  /** Frames in which the face was seen. */
  frames: number
  /** Capture time of the newest of these frames, milliseconds. */
  seenMs: number
  guarded: Guarded
  budget: EmbeddingBudget
  /**
   * What it was before an association that may be somebody else's face, until an embedding says whose it is; null when no
   * such association is open.
   */
  before: TrackBefore | null
}

/** The part of a track that an association changes. */
export type TrackBefore = Pick<Track, 'motion' | 'frames' | 'seenMs'>

/** Begins a track at a detection. It counts no frame until `continueTrack`. */
export const beginTrack = (id: TrackId, detection: Detection, atMs: number): Track => ({
  id,
  state: 'new',
  motion: still(detection, atMs),
  frames: 0,
  seenMs: atMs,
  guarded: unguarded,
  budget: fullBudget,
  before: null,
})

/**
 * Moves a track on to the detection that matched it: it stays `new`, or is `tracked`. `doubtful`: the face may be somebody
 * else's.
 */
export const continueTrack = (
  track: Track,
  detection: Detection,
  atMs: number,
  confirmFrames: number,
  doubtful = false,
): void => {
  const { motion, frames, seenMs } = track
  if (doubtful) track.before ??= { motion, frames, seenMs }
  track.motion = follow(track.motion, detection, atMs)
  track.frames++
  track.seenMs = atMs
  track.state = track.frames < confirmFrames ? 'new' : 'tracked'
}

/** Notes that no detection matched. A new track stays new. */
export const missTrack = (track: Track): void => {
  if (track.state === 'tracked') track.state = 'lost'
}

/**
 * How long a track may go unseen before it is removed, milliseconds. `stepMs` is the time between the newest two
 * frames: where frames are rare, a new track survives one missed frame.
 */
export const longestAbsenceMs = ({ state }: Track, stepMs: number, options: TrackerOptions): number => {
  const { maxAgeMs, unconfirmedAgeMs } = options
  return state === 'new' ? Math.max(unconfirmedAgeMs, Math.min(1.5 * stepMs, maxAgeMs)) : maxAgeMs
}

/**
 * The evidence (squared qualities, summed) of a track from which on its template tells its face from others: less is one
 * poor look.
 */
const tellingEvidence = 0.25

/** True once the track's embeddings can tell its face from others. */
export const isTelling = ({ guarded: { template } }: Track): boolean =>
  template !== null && template.weight >= tellingEvidence

/**
 * Whether an embedding shows that the track's open doubtful association was wrong. A good one closes the doubt either way.
 * Then a single embedding is enough: the doubt is the other evidence.
 */
export const isWrongAssociation = (
  track: Track,
  embedding: Float32Array,
  quality: number,
  options: TrackerOptions,
): boolean => {
  const { before } = track
  const { template } = track.guarded
  if (!before || quality < options.minQuality) return false
  const isWrong = template !== null && agreement(template, embedding) < options.resumeSimilarity
  if (!isWrong) track.before = null
  return isWrong
}

/** Takes the doubtful association back: the track is lost again, where it was. Returns the track of the face's own. */
export const takeBack = (track: Track, id: TrackId): Track => {
  const { before, motion, seenMs } = track
  const own: Track = { ...track, id, motion, frames: track.frames - (before?.frames ?? 0), seenMs, guarded: unguarded, budget: fullBudget, before: null }
  Object.assign(track, before, { before: null, state: 'lost' })
  return own
}

/**
 * Adds an embedding of unit length, made from the newest frame, and its overall quality (0–1). Returns true when it
 * shows that somebody else has taken the track over; the track is that person's then, and needs another ID.
 */
export const addEmbedding = (
  track: Track,
  embedding: Float32Array,
  quality: number,
  options: TrackerOptions,
): boolean => {
  const verdict = guardSwap(track.guarded, embedding, quality, options)
  track.guarded = verdict.track
  if (quality >= options.minQuality) track.budget = withEmbedding(track.budget, quality)
  if (verdict.split) track.budget = afterSplit(track.budget, track.guarded.template?.weight ?? 0)
  return verdict.split
}
