import { concatMap, filter, type OperatorFunction, pipe } from 'rxjs'
import { cellsOf } from '../tracking/movement.ts'
import { facesAsWanted, type Regions } from '../tracking/regions.ts'
import type { CameraId, Detection, Frame, Picture } from '../types.ts'
import { boxOf, cutOut, inWhole, partsOf } from '../vision/parts.ts'
import { type DetectedFrame, type StageTimer, untimed } from './analysed.ts'

/** The part of `Detector` that the operator uses. */
export interface FaceDetector {
  readonly seesParts: boolean
  detect(pictures: readonly Picture[]): Promise<readonly (readonly Detection[])[]>
}

/**
 * Finds the faces of every frame of a batch in one run of the detector. Of a camera with regions it looks at the parts where faces
 * should be, or something has moved. Where they show other faces than these it looks at the whole picture after all. Frames of which
 * nothing is to be looked at do not come out.
 *
 *   source  -[a,b]------|
 *   output  ----[A,B]---|    A = a with its faces
 *
 * Warning: use it inside `batchMap`, which lets in one batch at a time. Elsewhere the queue of `concatMap` has no
 * bound.
 */
export const detectFaces = (
  detector: FaceDetector,
  timed: StageTimer = untimed,
  regionsOf: (camera: CameraId) => Regions | null = () => null,
): OperatorFunction<readonly Frame[], readonly DetectedFrame[]> =>
  pipe(
    concatMap(async (frames: readonly Frame[]) => {
      const looks = new Map<Frame, Look>()
      for (const frame of detector.seesParts ? frames : []) {
        const regions = regionsOf(frame.camera)
        if (regions) looks.set(frame, await lookAtParts(frame, regions, detector, timed))
      }
      const lookOf = (frame: Frame): Look => looks.get(frame) ?? 'whole'
      const whole = frames.filter((frame) => lookOf(frame) === 'whole')
      const pictures = whole.map(({ picture }) => picture)
      const found = whole.length === 0 ? [] : await timed('detect', () => detector.detect(pictures))
      for (const frame of whole) regionsOf(frame.camera)?.saw(frame, null)
      const inWholes = new Map(whole.map((frame, i) => [frame, found[i] ?? []]))
      return frames.flatMap((frame) => {
        const look = lookOf(frame)
        return look === 'nothing' ? [] : [{ frame, faces: look === 'whole' ? (inWholes.get(frame) ?? []) : look }]
      })
    }),
    filter((batch) => batch.length > 0),
  )

/** The faces of a frame by its parts; or that the whole picture is to be looked at, or nothing. */
type Look = readonly Detection[] | 'whole' | 'nothing'

/** Looks at the parts of a frame where faces should be, or something has moved. */
const lookAtParts = async (
  frame: Frame,
  regions: Regions,
  detector: FaceDetector,
  timed: StageTimer,
): Promise<Look> => {
  const { picture } = frame
  const wanted = regions.next(frame, cellsOf(picture))
  if (wanted === 'whole' || wanted === 'nothing') return wanted
  const parts = partsOf(wanted, picture)
  if (!parts) return wanted.isDue ? 'whole' : 'nothing'
  const cut = parts.map((part) => cutOut(picture, part))
  const found = cut.length === 0 ? [] : await timed('parts', () => detector.detect(cut))
  const faces = facesAsWanted(
    wanted,
    parts.map((part, i) => (found[i] ?? []).map((face) => inWhole(face, part, picture))),
  )
  if (!faces) return 'whole'
  regions.saw(
    frame,
    parts.map((part) => boxOf(part, picture)),
  )
  return faces
}
