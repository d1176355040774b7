import { boxesApart } from '../../math/boxes.ts'
import type { Box, Detection, TrackId } from '../../types.ts'
import type { Shown, Span } from './alike.ts'

/** The faces of one analysed frame of the small stream, by track. */
export interface SeenFaces extends Shown {
  readonly faces: ReadonlyMap<TrackId, Detection>
}

/** Where a face is at a moment of which no frame was analysed. */
export interface Place {
  readonly box: Box
  /** The frame nearest to the moment in which the face was seen. */
  readonly nearest: Detection
  /** How far the face may be from `box` within the span, in box sizes. */
  readonly spread: number
}

/** A face seen this long before or after a moment is where it was then, as well as can be told. */
const NEAR_MS = 200
/** A face that was not seen for longer may have gone elsewhere in between. */
const LONGEST_GAP_MS = 1000

const mixed = (a: Box, b: Box, share: number): Box => ({
  x: a.x + (b.x - a.x) * share,
  y: a.y + (b.y - a.y) * share,
  width: a.width + (b.width - a.width) * share,
  height: a.height + (b.height - a.height) * share,
})

interface Sight {
  readonly atMs: number
  readonly face: Detection
}

const boxAt = (sights: readonly Sight[], atMs: number): { readonly box: Box; readonly nearest: Detection } | null => {
  const after = sights.find((sight) => sight.atMs >= atMs)
  const before = sights.findLast((sight) => sight.atMs <= atMs)
  if (before && after) {
    const gapMs = after.atMs - before.atMs
    if (gapMs > LONGEST_GAP_MS) return null
    const share = gapMs === 0 ? 0 : (atMs - before.atMs) / gapMs
    return { box: mixed(before.face.box, after.face.box, share), nearest: share < 0.5 ? before.face : after.face }
  }
  const only = before ?? after
  return only && Math.abs(only.atMs - atMs) <= NEAR_MS ? { box: only.face.box, nearest: only.face } : null
}

/**
 * Where a track's face was within a span: between the frames around its middle, and how far it moved from there. Null when
 * it was seen in fewer than two frames, or in none near the span.
 */
export const placeIn = (seen: readonly SeenFaces[], track: TrackId, { fromMs, untilMs }: Span): Place | null => {
  const sights = seen.flatMap(({ atMs, faces }): Sight[] => {
    const face = faces.get(track)
    return face ? [{ atMs, face }] : []
  })
  const middle = sights.length < 2 ? null : boxAt(sights, (fromMs + untilMs) / 2)
  if (middle === null) return null
  const ends = [fromMs, untilMs].flatMap((atMs) => boxAt(sights, atMs)?.box ?? [])
  const between = sights.filter(({ atMs }) => atMs >= fromMs && atMs <= untilMs).map(({ face }) => face.box)
  const spread = Math.max(0, ...[...ends, ...between].map((box) => boxesApart(middle.box, box)))
  return { ...middle, spread }
}
