import { assign } from '../math/assignment.ts'
import { iou, sizeRatio } from '../math/boxes.ts'
import { agreement } from '../math/template.ts'
import type { Detection } from '../types.ts'
import { landmarkDistance, type Motion } from './motion.ts'
import type { TrackerOptions } from './options.ts'
import type { Guarded } from './swap-guard.ts'
import type { Track } from './track.ts'

/** A detection, with its embedding where every face was embedded before tracking. The association then uses it too. */
export type TrackerDetection = Detection & { readonly embedding?: Float32Array }

/** What a lost track is dearer by: a face that stands where another was goes on with its own track, which was just seen. */
const lostCost = 0.15

/** The nearest to the limit that a lost track can come by it: dearer than all others, but not out of reach. */
const stillPossible = 1e-6

/**
 * Assigns detections to tracks, each at most once, so that the sum of costs is least. `predicted[i]` is where track `i`
 * should be now. Returns the index of each detection's track, or −1.
 */
export const associate = (
  tracks: readonly Pick<Track, 'guarded' | 'state'>[],
  predicted: readonly Motion[],
  detections: readonly TrackerDetection[],
  options: TrackerOptions,
): Int32Array => {
  const cost = new Float64Array(detections.length * tracks.length)
  for (const [j, detection] of detections.entries())
    for (const [i, track] of tracks.entries()) {
      const motion = predicted[i]
      const own = motion ? costOf(motion, track.guarded, detection, options) : Infinity
      const isDearer = track.state === 'lost' && own < options.maxCost - stillPossible
      cost[j * tracks.length + i] = isDearer ? Math.min(own + lostCost, options.maxCost - stillPossible) : own
    }
  return assign(cost, detections.length, tracks.length, options.maxCost)
}

/**
 * The cost of one association: 0 for the same place and face, 1 at worst, Infinity beyond `maxDistance` or
 * `maxSizeRatio`. Without an embedding to compare, the other weights are scaled so that they still add up to 1.
 */
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
