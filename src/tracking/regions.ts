import { iou } from '../math/boxes.ts'
import type { Box, Detection, FrameStamp, StreamId } from '../types.ts'
import { sameFace } from './faces-of-parts.ts'
import { predict } from './motion.ts'
import { type Cells, createMovement, whole } from './movement.ts'
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

/**
 * Where the faces of these tracks should be at `atMs`, one for each that was seen `lastMs` ago or not long before. Null when nobody
 * of them was seen then, or everybody for the first time: after a cut others may be there.
 */
export const expectedFaces = (
  tracks: readonly Track[],
  lastMs: number,
  atMs: number,
): readonly ExpectedFace[] | null => {
  if (tracks.length === 0) return []
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

/** The parts of a frame that may show somebody. */
export interface Wanted {
  /** Where faces should be. */
  readonly expected: readonly ExpectedFace[]
  /** What else has changed since it was looked at. */
  readonly moved: readonly Box[]
  /** The frame is one of those that are looked at anyhow. Another one is only where what has changed is small. */
  readonly isDue: boolean
}

/**
 * The faces of a frame, best first, when its parts show those that are expected and no other; else null. `found[i]`: the faces in the
 * part around the expected face `i`, then those where something has moved, in fractions of the whole picture.
 */
export const facesAsWanted = <F extends Detection>(
  { expected }: Pick<Wanted, 'expected'>,
  found: readonly (readonly F[])[],
): readonly F[] | null => {
  const isExpected = (face: F): boolean => expected.some(({ box }) => iou(box, face.box) > 0)
  const isStranger = found
    .slice(expected.length)
    .flat()
    .some((face) => !isExpected(face))
  return isStranger ? null : facesAsExpected(expected, found)
}

/** Says what of each frame of a camera is looked at. */
export interface Regions {
  /** What of the next frame is to be looked at, by its cells. */
  next(stamp: FrameStamp, cells: Cells): Wanted | 'whole' | 'nothing'
  /** These parts of that frame were looked at, in fractions of the picture; null: all of it. */
  saw(stamp: FrameStamp, parts: readonly Box[] | null): void
  /** So many frames of a second are looked at where nothing moves; null: all that come. */
  limit(fps: number | null): void
  /** Whether something that nobody is known for has moved within the last second. */
  readonly isStirred: boolean
}

/** Where nobody is, the whole picture is looked at so many times more seldom. */
const quietTimes = 20
/** Frames of a steady rate come a bit earlier or later than its time says: one in a slot. */
const slackMs = 40
/** Where all frames are looked at, what moves is so often at most: in every other picture of 25 a second. */
const againMs = 75
const stirredMs = 1000

/**
 * Creates what says it for one camera. `wholeLookMs`: the longest time between looks at the whole picture while somebody is there, by
 * capture time. A stream begins with one, and a damaged frame always is: it shows faces where there are none.
 */
export const createRegions = (
  tracker: { expected(atMs: number): readonly ExpectedFace[] | null },
  wholeLookMs: number,
): Regions => {
  const movement = createMovement()
  let stream: StreamId | null = null
  let [lookedMs, wholeMs, movedMs, nowMs] = [-Infinity, -Infinity, -Infinity, 0]
  let everyMs = 0
  return {
    next: (stamp, cells) => {
      const { capturedAtMs: atMs, damaged } = stamp
      // A clock that goes back begins anew.
      if (stamp.stream !== stream || atMs < nowMs) [lookedMs, wholeMs, movedMs] = [-Infinity, -Infinity, -Infinity]
      stream = stamp.stream
      nowMs = atMs
      const expected = tracker.expected(atMs)
      const changed = movement.next(cells, expected?.map(({ box }) => box) ?? [])
      const moved = everyMs > 0 || atMs - movedMs >= againMs ? changed : []
      if (moved.length > 0) movedMs = atMs
      const isDue = damaged === true || atMs - lookedMs >= everyMs - slackMs
      if (!isDue && moved.length === 0) return 'nothing'
      const mostMs = expected?.length === 0 ? quietTimes * wholeLookMs : wholeLookMs
      if (isDue && (damaged || expected === null || atMs - wholeMs >= mostMs)) return 'whole'
      return { expected: expected ?? [], moved, isDue }
    },
    saw: ({ capturedAtMs }, parts) => {
      lookedMs = capturedAtMs
      if (parts === null) wholeMs = capturedAtMs
      movement.saw(parts ?? [whole])
    },
    limit: (fps) => {
      everyMs = fps === null ? 0 : 1000 / fps
    },
    get isStirred() {
      return nowMs - movedMs < stirredMs
    },
  }
}
