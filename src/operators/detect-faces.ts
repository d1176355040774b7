import { concatMap, filter, type OperatorFunction, pipe } from 'rxjs'
import { facesOfParts } from '../tracking/faces-of-parts.ts'
import { cellsOf } from '../tracking/movement.ts'
import { facesAsWanted, type Regions } from '../tracking/regions.ts'
import type { CameraId, Detection, Frame, Picture } from '../types.ts'
import { blocksOf, type Changes } from '../vision/changes.ts'
import { boxOf, cutOut, inWhole, type Part, partsOf, seenBy } from '../vision/parts.ts'
import { type DetectedFrame, type StageTimer, untimed } from './analysed.ts'

/** The part of `Detector` that the operator uses. */
export interface FaceDetector {
  readonly seesParts: boolean
  detect(pictures: readonly Picture[]): Promise<readonly (readonly Detection[])[]>
}

/**
 * Finds the faces of every frame of a batch in one run of the detector. Of a camera with regions it looks at the parts where faces
 * should be, or something has moved. Where they show other faces than these it looks at the whole picture after all; of a
 * camera with changes, at what tells as much. Frames of which nothing is to be looked at do not come out.
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
  changesOf: (camera: CameraId) => Changes | null = () => null,
): OperatorFunction<readonly Frame[], readonly DetectedFrame[]> =>
  pipe(
    concatMap(async (frames: readonly Frame[]) => {
      const looks = new Map<Frame, Look>()
      for (const frame of detector.seesParts ? frames : []) {
        const regions = regionsOf(frame.camera)
        if (regions) looks.set(frame, await lookAtParts(frame, regions, detector, timed))
      }
      const lookOf = (frame: Frame): Look => looks.get(frame) ?? 'whole'
      const rest = frames.filter((frame) => lookOf(frame) === 'whole')
      const found = await lookAtWholes(rest, detector, timed, changesOf)
      for (const frame of rest) regionsOf(frame.camera)?.saw(frame, null)
      return frames.flatMap((frame) => {
        const look = lookOf(frame)
        if (look === 'nothing') return []
        const faces = look === 'whole' ? (found.get(frame) ?? []) : look
        changesOf(frame.camera)?.found(faces.map(({ box }) => box))
        return [{ frame, faces }]
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
  const faces = facesAsWanted(wanted, await facesIn(picture, parts, detector, timed))
  if (!faces) return 'whole'
  regions.saw(frame, seenBy(parts, wanted, picture))
  return faces
}

/** The faces in each part of a picture, in fractions of the whole. */
const facesIn = async (
  picture: Picture,
  parts: readonly Part[],
  detector: FaceDetector,
  timed: StageTimer,
): Promise<readonly (readonly Detection[])[]> => {
  if (parts.length === 0) return []
  const cut = parts.map((part) => cutOut(picture, part))
  const found = await timed('parts', () => detector.detect(cut))
  return parts.map((part, i) => (found[i] ?? []).map((face) => inWhole(face, part, picture)))
}

/** The faces of frames by all that has changed in them, else by the whole pictures. */
const lookAtWholes = async (
  frames: readonly Frame[],
  detector: FaceDetector,
  timed: StageTimer,
  changesOf: (camera: CameraId) => Changes | null,
): Promise<ReadonlyMap<Frame, readonly Detection[]>> => {
  const found = new Map<Frame, readonly Detection[]>()
  for (const frame of detector.seesParts ? frames : []) {
    const changes = changesOf(frame.camera)
    const faces = changes && (await lookAtChanges(frame, changes, detector, timed))
    if (faces) found.set(frame, faces)
  }
  const whole = frames.filter((frame) => !found.has(frame))
  const pictures = whole.map(({ picture }) => picture)
  const inWholes = whole.length === 0 ? [] : await timed('detect', () => detector.detect(pictures))
  for (const [i, frame] of whole.entries()) found.set(frame, inWholes[i] ?? [])
  return found
}

/** The faces of a frame by all that has changed in it; null when the whole picture is to be looked at, which counts as done. */
const lookAtChanges = async (
  frame: Frame,
  changes: Changes,
  detector: FaceDetector,
  timed: StageTimer,
): Promise<readonly Detection[] | null> => {
  const { picture } = frame
  const look = { ...frame, blocks: blocksOf(picture) }
  const parts = changes.since(look)
  const areas = parts?.map((part) => boxOf(part, picture))
  const faces = parts && areas ? facesOfParts(areas, await facesIn(picture, parts, detector, timed)) : null
  changes.saw(look, faces ? parts : null)
  return faces
}
