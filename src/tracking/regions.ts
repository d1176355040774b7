import type { Box, Detection, FrameStamp, StreamId } from '../types.ts'
import { iou, predict } from './motion.ts'
import type { Track } from './track.ts'

/** Where the face of a track should be in a frame. */
export interface ExpectedFace {
  readonly box: Box
  /** The last frame did not show it, so this one need not. */
  readonly wasMissed: boolean
}

/** A face that was missed for longer may be anywhere, and comes back in a look at the whole picture. */
const goneMs = 200
/** The least overlap (IoU) of a face with the box that it is expected in. */
const leastOverlap = 0.4
/** Boxes that overlap more are of one face. */
const sameFace = 0.4

/**
 * Where the faces of these tracks should be at `atMs`, one for each that was seen `lastMs` ago or not long before. Null when nobody
 * was seen then, or everybody for the first time: after a cut others may be there.
 */
export const expectedFaces = (
  tracks: readonly Track[],
  lastMs: number,
  atMs: number,
): readonly ExpectedFace[] | null => {
  if (tracks.every(({ seenMs, frames }) => seenMs < lastMs || frames === 1)) return null
  return tracks
    .filter(({ seenMs }) => atMs - seenMs < goneMs || seenMs === lastMs)
    .map(({ motion, seenMs }) => ({ box: predict(motion, atMs).box, wasMissed: seenMs < lastMs }))
}

/**
 * The faces of a frame, best first, when its parts around the expected ones show these and no other; else null. `found[i]`: the
 * faces in the part around the expected face `i`, in fractions of the whole picture.
 */
export const facesAsExpected = <F extends Detection>(
  expected: readonly ExpectedFace[],
  found: readonly (readonly F[])[],
): readonly F[] | null => {
  const faces: F[] = []
  for (const [i, { box, wasMissed }] of expected.entries()) {
    const inPart = found[i] ?? []
    const [best] = inPart.toSorted((a, b) => iou(b.box, box) - iou(a.box, box))
    const own = best && iou(best.box, box) >= leastOverlap ? best : null
    if (!own && !wasMissed) return null
    // A neighbour, whole or cut off by the edge of the part, is found in a part of its own.
    const isNeighbour = (face: F): boolean => expected.some((other, j) => j !== i && iou(other.box, face.box) > 0)
    if (!inPart.every((face) => face === own || isNeighbour(face))) return null
    if (own) faces.push(own)
  }
  const isTwice = faces.some((face, i) => faces.slice(0, i).some((other) => iou(face.box, other.box) > sameFace))
  return isTwice ? null : faces.toSorted((a, b) => b.score - a.score)
}

/** Says which frames of a camera can be looked at in parts. */
export interface Regions {
  /** Where the faces of the next frame should be; null when the whole picture is to be looked at. */
  next(stamp: FrameStamp): readonly ExpectedFace[] | null
  /** Notes that this frame was looked at as a whole. */
  sawWhole(stamp: FrameStamp): void
}

/**
 * Creates what says it for one camera. `wholeLookMs`: the longest time between looks at the whole picture, by capture time. A
 * stream begins with one, and a damaged frame always is: it shows faces where there are none.
 */
export const createRegions = (
  tracker: { expected(atMs: number): readonly ExpectedFace[] | null },
  wholeLookMs: number,
): Regions => {
  let whole: { readonly stream: StreamId; readonly atMs: number } | null = null
  return {
    next: ({ stream, capturedAtMs, damaged }) => {
      const sinceMs = whole?.stream === stream ? capturedAtMs - whole.atMs : Infinity
      // A clock that goes back begins anew.
      const isDue = damaged || sinceMs < 0 || sinceMs >= wholeLookMs
      return isDue ? null : tracker.expected(capturedAtMs)
    },
    sawWhole: ({ stream, capturedAtMs }) => {
      whole = { stream, atMs: capturedAtMs }
    },
  }
}
