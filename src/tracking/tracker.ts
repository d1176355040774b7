import { assign } from '../math/assignment.ts'
import { agreement, weightOf } from '../math/template.ts'
import type { CameraId, Detection, FrameStamp, Quality, StreamId, TrackId } from '../types.ts'
import { type EmbeddingBudget, fullBudget, shouldEmbed, viewScore } from './embedding-budget.ts'
import { follow, iou, landmarkDistance, type Motion, predict, sizeRatio, still } from './motion.ts'
import type { TrackerOptions } from './options.ts'
import { type Guarded, guardSwap, unguarded } from './swap-guard.ts'

/** Who embeds everything before tracking may hand the embedding over; the association then uses it. */
export type TrackerDetection = Detection & { readonly embedding?: Float32Array }

/** A detection on its track. */
export interface TrackedFace extends Detection {
  readonly track: TrackId
  /** Whether its track needs an embedding from this frame. */
  readonly shouldEmbed: boolean
}

export interface Tracker {
  /**
   * Follows faces from frame to frame of one camera: the same detections in the same order, each on its track. `cut` says
   * that the shot changed since the last frame: every track ends, as it does when the stream is a new one. Times are
   * `stamp.capturedAtMs`.
   */
  update(stamp: FrameStamp, detections: readonly TrackerDetection[], cut: boolean): TrackedFace[]
  /**
   * Tells of an embedding made from the last frame, and returns the face's track: another one than `track` when the
   * embedding shows that somebody else has taken it over. Then `track` has ended.
   */
  embedded(track: TrackId, embedding: Float32Array, quality: Pick<Quality, 'overall'>): TrackId
  /** Tracks that ended since the last call, in the order in which they did. */
  takeEnded(): TrackId[]
}

interface Track {
  id: TrackId
  motion: Motion
  frames: number
  seenMs: number
  guarded: Guarded
  asked: EmbeddingBudget
}

/** Two faces that overlap this much may swap tracks, and a second look is cheap. */
const crowdedIou = 0.15

/** A face missed longer than this may have become somebody else's on the same spot. */
const doubtfulGapMs = 250

export const createTracker = (options: TrackerOptions, camera: CameraId): Tracker => {
  let stream: StreamId | null = null
  let number = 0
  let nowMs = -Infinity
  let tracks: Track[] = []
  let ended: TrackId[] = []

  const nextId = (): TrackId => `${camera}/${stream}/${number++}`
  const begin = (detection: Detection): Track => {
    const motion = still(detection, nowMs)
    return { id: nextId(), motion, frames: 0, seenMs: nowMs, guarded: unguarded, asked: fullBudget }
  }
  const endWhere = (over: (track: Track) => boolean): void => {
    for (const track of tracks) if (over(track)) ended.push(track.id)
    tracks = tracks.filter((track) => !over(track))
  }

  return {
    update(stamp, detections, cut) {
      const continues = stamp.stream === stream
      if (cut || !continues) endWhere(() => true)
      const beforeMs = nowMs
      nowMs = continues ? Math.max(nowMs, stamp.capturedAtMs) : stamp.capturedAtMs
      const stepMs = continues ? nowMs - beforeMs : 0
      stream = stamp.stream
      endWhere((track) => {
        // Where frames are rare, one step must not be what ends a track.
        const shortly = Math.max(options.unconfirmedAgeMs, Math.min(1.5 * stepMs, options.maxAgeMs))
        const limit = track.frames < options.confirmFrames ? shortly : options.maxAgeMs
        return nowMs - track.seenMs > limit
      })
      const predicted = tracks.map((track) => predict(track.motion, nowMs))
      const owner = associate(tracks, predicted, detections, options)
      const matched = detections.map((detection, j) => {
        const track = tracks[owner[j] ?? -1]
        if (track) return { detection, track, gapMs: nowMs - track.seenMs }
        return { detection, track: begin(detection), gapMs: 0 }
      })
      for (const { track } of matched) if (!tracks.includes(track)) tracks.push(track)
      // Who is behind or before another face; which of the two it is, their places alone do not tell.
      const hidden = predicted.filter((_, i) => !owner.includes(i))
      // Where frames are rare, waiting for a second one costs more than an embedding of a false alarm.
      const rare = stepMs >= options.firstGapMs
      /** Moves the track on to its detection; true when it needs an embedding of it. */
      const advance = ({ detection, track, gapMs }: (typeof matched)[number]): boolean => {
        track.motion = track.frames === 0 ? still(detection, nowMs) : follow(track.motion, detection, nowMs)
        track.frames++
        track.seenMs = nowMs
        if (track.frames < options.confirmFrames && !rare) return false
        const near = ({ box }: Pick<Detection, 'box'>): boolean => iou(box, detection.box) > crowdedIou
        const crowded = detections.some((other) => other !== detection && near(other)) || hidden.some(near)
        const risky = crowded || gapMs > doubtfulGapMs || track.guarded.doubt !== null
        if (!shouldEmbed(track.asked, detection, risky, nowMs, options)) return false
        const { asked } = track
        track.asked = {
          ...asked,
          lastMs: nowMs,
          times: asked.times + 1,
          best: Math.max(asked.best, viewScore(detection)),
        }
        return true
      }
      return matched.map((match) => ({ ...match.detection, track: match.track.id, shouldEmbed: advance(match) }))
    },

    embedded(id, embedding, { overall }) {
      const track = tracks.find((candidate) => candidate.id === id)
      if (!track) return id
      const verdict = guardSwap(track.guarded, embedding, overall, options)
      track.guarded = verdict.track
      if (overall >= options.minQuality) {
        const { good, evidence } = track.asked
        track.asked = { ...track.asked, good: good + 1, evidence: evidence + weightOf(overall) }
      }
      if (!verdict.split) return id
      ended.push(id)
      track.id = nextId()
      const evidence = track.guarded.template?.weight ?? 0
      track.asked = { ...fullBudget, lastMs: track.asked.lastMs, times: 2, good: 2, evidence }
      return track.id
    },

    takeEnded() {
      const taken = ended
      ended = []
      return taken
    },
  }
}

/** The index of each detection's track, or −1. */
const associate = (
  tracks: readonly Track[],
  predicted: readonly Motion[],
  detections: readonly TrackerDetection[],
  options: TrackerOptions,
): Int32Array => {
  const cost = new Float64Array(detections.length * tracks.length)
  for (const [j, detection] of detections.entries())
    for (const [i, track] of tracks.entries()) {
      const motion = predicted[i]
      cost[j * tracks.length + i] = motion ? costOf(motion, track.guarded, detection, options) : Infinity
    }
  return assign(cost, detections.length, tracks.length, options.maxCost)
}

/** 0 (the same place) to 1; Infinity beyond the gates. Weights are shared out again when there is no embedding. */
const costOf = (
  motion: Motion,
  { template }: Guarded,
  detection: TrackerDetection,
  options: TrackerOptions,
): number => {
  const distance = landmarkDistance(motion, detection)
  if (distance > options.maxDistance || sizeRatio(motion.box, detection.box) > options.maxSizeRatio) return Infinity
  const { overlapWeight, landmarkWeight, embeddingWeight } = options
  const place = overlapWeight * (1 - iou(motion.box, detection.box)) + landmarkWeight * Math.min(distance, 1)
  if (!template || !detection.embedding) return place / (overlapWeight + landmarkWeight)
  const apart = Math.min(1, Math.max(0, 1 - agreement(template, detection.embedding)))
  return (place + embeddingWeight * apart) / (overlapWeight + landmarkWeight + embeddingWeight)
}
