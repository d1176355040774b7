import { concatMap, type OperatorFunction } from 'rxjs'
import { certainFace, type Expected, inPicture, searchSquare } from '../math/expected-face.ts'
import { viewScore } from '../tracking/embedding-budget.ts'
import type { CameraId, Detection, Frame, Picture, TrackId, Yuv } from '../types.ts'
import type { Pixels } from '../vision/canvas.ts'
import { createWarp, type Warp } from '../vision/warp.ts'
import { type CloserFrame, type CloserLook, type StageTimer, type TrackedFrame, untimed } from './analysed.ts'

/** The side of the picture in which a face is looked for, pixels; the face takes up some hundred of them. */
const SIDE = 256

/** A picture of a camera's big stream, and the faces that are wanted from it. */
export interface BigLook {
  readonly full: Yuv
  readonly wanted: readonly Expected[]
  /** Where every known face must be, the wanted ones too. */
  readonly all: readonly Expected[]
}

/** The part of `Detail` that the operator uses. */
export interface BigStream {
  /** Notes the faces of a frame; `view` says how good each looks. */
  note(frame: Frame, faces: readonly (Detection & { readonly track: TrackId; readonly view: number })[]): void
  /** A picture that was decoded since; null when there is none. */
  take(): BigLook | null
  looked(track: TrackId, outcome: 'found' | 'not-found'): void
}

/** A face that is wanted from a picture of a big stream, and the part of the picture where it must be. */
interface Search {
  readonly detail: BigStream
  readonly look: BigLook
  readonly wanted: Expected
  readonly part: Picture
}

/**
 * Shows each camera's big stream the faces of the small one, and finds in its pictures the faces that are to be embedded from
 * there. A picture is decoded in the meantime, never waited for: it serves a later frame with the same track.
 *
 *   source  -[T]--[U]------|
 *   output  -[T]--[U']-----|    T begins a look; U' = U with the face of that look, from the big stream
 *
 * Warning: use it inside `batchMap`, like `detectFaces`, and release the cameras' pictures after each batch.
 */
export const lookCloser = (
  details: (camera: CameraId) => BigStream | null,
  detector: { detect(pictures: readonly Picture[]): Promise<readonly (readonly Detection[])[]> },
  timed: StageTimer = untimed,
): OperatorFunction<readonly TrackedFrame[], readonly CloserFrame[]> => {
  const warp = createWarp(SIDE)
  return concatMap(async (batch): Promise<readonly CloserFrame[]> => {
    const searches = batch.flatMap((tracked) => searchesIn(tracked, details(tracked.frame.camera), warp))
    const closer = searches.length === 0 ? new Map() : await timed('look', () => find(searches, detector))
    return batch.map(({ frame, faces }): CloserFrame => {
      if (details(frame.camera) === null) return { frame, faces }
      const withCloser = faces.map((face) => {
        const found = closer.get(face.track)
        return found ? { ...face, closer: found } : face
      })
      return { frame, faces: withCloser, hasDetail: true }
    })
  })
}

/** A damaged frame may show faces where there are none, and its look keeps for the next. */
const searchesIn = ({ frame, faces }: TrackedFrame, detail: BigStream | null, warp: Warp): readonly Search[] => {
  if (detail === null || frame.damaged) return []
  detail.note(
    frame,
    faces.map((face) => ({ ...face, view: viewScore(face) })),
  )
  const look = detail.take()
  return look === null ? [] : look.wanted.map((wanted) => ({ detail, look, wanted, part: partOf(look, wanted, warp) }))
}

const partOf = ({ full }: BigLook, wanted: Expected, warp: Warp): Picture => {
  const { x, y, side } = searchSquare(wanted, full)
  const scale = side / SIDE
  const planes = new Float32Array(3 * SIDE * SIDE)
  warp.toPlanes(full, { a: scale, b: 0, tx: x + scale / 2 - 0.5, ty: y + scale / 2 - 0.5 }, planes, toBytes)
  return { width: SIDE, height: SIDE, data: Uint8Array.from(planes) }
}

/** Rounds, because bytes are cut off. */
const toBytes: Pixels = { plane: [0, 1, 2], scale: [1, 1, 1], shift: [0.5, 0.5, 0.5] }

/** The faces that are certain, by track. Each detail hears what became of its look. */
const find = async (
  searches: readonly Search[],
  detector: { detect(pictures: readonly Picture[]): Promise<readonly (readonly Detection[])[]> },
): Promise<ReadonlyMap<TrackId, CloserLook>> => {
  const found = await detector.detect(searches.map(({ part }) => part))
  return new Map(
    searches.flatMap(({ detail, look, wanted }, i) => {
      const { full, all } = look
      const square = searchSquare(wanted, full)
      const faces = (found[i] ?? []).map((face) => inPicture(face, square, full))
      const face = certainFace(wanted, faces, all)
      detail.looked(wanted.track, face ? 'found' : 'not-found')
      return face ? [[wanted.track, { ...face, full }] as const] : []
    }),
  )
}
