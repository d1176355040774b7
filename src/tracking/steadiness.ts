import type { Box } from '../types.ts'
import { wantsMore } from './embedding-budget.ts'
import type { TrackerOptions } from './options.ts'
import type { Track } from './track.ts'

/** Who has stayed for so long moves at most half a box size a second. */
const stayMs = 600
/** A face that was only missed in some frames is back within this time. Who hides behind another is near them. */
const goneMs = 200
/** People are near each other when their boxes, so much larger on each side (in box sizes), meet: when less than a face fits between. */
const nearby = 0.5
/** A face this near to the edge of the picture, in box sizes, may be half outside with the next step. */
const edge = 0.1

const areApart = (a: Box, b: Box): boolean => {
  const [x, y] = [nearby * (a.width + b.width), nearby * (a.height + b.height)]
  return a.x > b.x + b.width + x || b.x > a.x + a.width + x || a.y > b.y + b.height + y || b.y > a.y + a.height + y
}

const isInside = ({ x, y, width, height }: Box): boolean =>
  Math.min(x, 1 - x - width) > edge * width && Math.min(y, 1 - y - height) > edge * height

/** A track that is known as well as it can be, and stays where it is. */
const isSettled = (track: Track, nowMs: number, options: TrackerOptions): boolean =>
  track.state === 'tracked' &&
  track.pending === null &&
  track.guarded.doubt === null &&
  !wantsMore(track.budget, options) &&
  nowMs - track.spot.sinceMs >= stayMs &&
  isInside(track.motion.box)

/**
 * Whether a look a few times a second tells as much of these tracks as every frame: each is settled or gone, and none is near
 * another. True without tracks.
 */
export const isSteady = (tracks: readonly Track[], nowMs: number, options: TrackerOptions): boolean =>
  tracks.every((track, i) => {
    const isGone = track.state === 'lost' && nowMs - track.seenMs >= goneMs
    return (
      (isGone || isSettled(track, nowMs, options)) &&
      tracks.slice(0, i).every((other) => areApart(track.motion.box, other.motion.box))
    )
  })
