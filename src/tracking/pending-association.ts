import { iou } from '../math/boxes.ts'
import { agreement } from '../math/template.ts'
import type { Detection, TrackId } from '../types.ts'
import { fullBudget } from './embedding-budget.ts'
import { landmarkDistance, type Motion } from './motion.ts'
import type { TrackerOptions } from './options.ts'
import { unguarded } from './swap-guard.ts'
import type { Track } from './track.ts'

/**
 * Why a face may be somebody else's. `hidden`: its track was lost from sight. `far`: it was not seen for a while, or is not
 * where it should be while another track that reaches for it has no face, so one of the two people may hide the other.
 */
export type PendingReason = 'hidden' | 'far'

/** An association that an embedding must confirm, and what the track was before it. */
export interface PendingAssociation extends Pick<Track, 'motion' | 'frames' | 'seenMs'> {
  readonly why: PendingReason
}

/** What the association of a track with a detection is judged by. */
export interface Associated {
  readonly detection: Detection
  readonly track: Track
  /** Where the track should be now. */
  readonly predicted: Motion
  /** Since the track's frame before, milliseconds. */
  readonly gapMs: number
  /** Where tracks without a detection should be now. */
  readonly absent: readonly Motion[]
}

/** Two faces that overlap by more than this (IoU) may swap tracks, and an embedding tells them apart. */
export const crowdedIou = 0.15

/** After a longer gap the face at this place may be somebody else's. */
export const doubtfulGapMs = 250

/**
 * The least overlap (IoU) with where the track should be. Less is doubtful when time has passed (on the demo's cameras, at 2
 * to 25 pictures a second, 84 % have more), and still less when another track reaches for the face.
 */
const [nearIou, clearIou] = [0.65, 0.55]

/** So many box sizes from where it should be, somebody who walks past may be after a tenth of a second and more. */
const reach = 2

/**
 * The evidence (squared qualities, summed) of a track from which on its template tells its face from others. Below it a
 * new track is as well off.
 */
const tellingEvidence = 0.25

const isTelling = ({ guarded: { template } }: Track): boolean => template !== null && template.weight >= tellingEvidence

/** Says why an association must be confirmed; null when it need not, or cannot because the track has shown too little. */
export const reasonToWait = (associated: Associated, options: TrackerOptions): PendingReason | null => {
  const { detection, track, predicted, gapMs, absent } = associated
  if (!isTelling(track)) return null
  const overlap = iou(predicted.box, detection.box)
  const isContested = overlap < clearIou && absent.some((other) => iou(other.box, detection.box) > crowdedIou)
  if (track.state === 'lost') return 'hidden'
  const isOff =
    overlap < nearIou &&
    gapMs > options.firstGapMs &&
    absent.some((other) => landmarkDistance(other, detection) < reach)
  return isContested || isOff || gapMs > doubtfulGapMs ? 'far' : null
}

/**
 * Whether an embedding of the newest frame shows that the track's pending association was wrong. One is enough, because the
 * place is doubtful too: the guard against swaps asks for two. A poor one tells nothing. A good one that agrees confirms
 * the association.
 */
export const isWrongAssociation = (
  track: Track,
  embedding: Float32Array,
  quality: number,
  options: TrackerOptions,
): boolean => {
  const { pending, guarded } = track
  if (!pending) return false
  if (quality < options.minQuality) return false
  const { resumeSimilarity } = options
  // Quality is the cosine that the embedding of such a face has with a clear one of the same person, on average.
  const least = pending.why === 'hidden' ? resumeSimilarity : Math.min(resumeSimilarity, quality / 2)
  const isWrong = guarded.template !== null && agreement(guarded.template, embedding) < least
  if (!isWrong) track.pending = null
  return isWrong
}

/** Takes the pending association back: the track is lost again, where it was. Returns the face's own track, named `id`. */
export const takeBack = (track: Track, { motion, frames, seenMs }: PendingAssociation, id: TrackId): Track => {
  const budget = { ...fullBudget, lastMs: track.budget.lastMs, times: 1 }
  const own: Track = { ...track, id, frames: track.frames - frames, guarded: unguarded, budget, pending: null }
  Object.assign(track, { state: 'lost', motion, frames, seenMs, pending: null })
  return own
}
