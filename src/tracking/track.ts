import type { Detection, TrackId } from '../types.ts'
import { afterSplit, type EmbeddingBudget, fullBudget, withEmbedding } from './embedding-budget.ts'
import { follow, type Motion, still } from './motion.ts'
import type { TrackerOptions } from './options.ts'
import type { PendingAssociation, PendingReason } from './pending-association.ts'
import { type Spot, spotOf } from './spot.ts'
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
  /** Where it stays, and since when. */
  spot: Spot
  /** Frames in which the face was seen. */
  frames: number
  /** Capture time of the newest of these frames, milliseconds. */
  seenMs: number
  guarded: Guarded
  budget: EmbeddingBudget
  /** An association that waits for an embedding, because the face may be somebody else's. */
  pending: PendingAssociation | null
}

/** Begins a track at a detection. It counts no frame until `continueTrack`. */
export const beginTrack = (id: TrackId, detection: Detection, atMs: number): Track => ({
  id,
  state: 'new',
  motion: still(detection, atMs),
  spot: spotOf(detection.box, atMs, null),
  frames: 0,
  seenMs: atMs,
  guarded: unguarded,
  budget: fullBudget,
  pending: null,
})

/**
 * Moves a track on to the detection that matched it: it stays `new`, or is `tracked`. `why`: the face may be somebody
 * else's.
 */
export const continueTrack = (
  track: Track,
  detection: Detection,
  atMs: number,
  { confirmFrames, why }: { readonly confirmFrames: number; readonly why: PendingReason | null },
): void => {
  const { motion, frames, seenMs } = track
  if (why) track.pending ??= { why, motion, frames, seenMs }
  track.motion = follow(track.motion, detection, atMs)
  track.spot = spotOf(detection.box, atMs, track.spot)
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
