import { concatMap, type OperatorFunction } from 'rxjs'
import { facesAsExpected, type Regions } from '../tracking/regions.ts'
import type { CameraId, Detection, Frame, Picture } from '../types.ts'
import { cutOut, inWhole, partsAround } from '../vision/parts.ts'
import { type DetectedFrame, type StageTimer, untimed } from './analysed.ts'

/** The part of `Detector` that the operator uses. */
export interface FaceDetector {
  readonly seesParts: boolean
  detect(pictures: readonly Picture[]): Promise<readonly (readonly Detection[])[]>
}

/**
 * Finds the faces of every frame of a batch in one run of the detector. Of a camera with regions it looks at the parts where faces
 * should be. Where they show other faces than these it looks at the whole picture after all.
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
  concatMap(async (frames) => {
    const inParts = new Map<Frame, readonly Detection[]>()
    for (const frame of detector.seesParts ? frames : []) {
      const faces = await lookAtParts(frame, regionsOf(frame.camera), detector, timed)
      if (faces) inParts.set(frame, faces)
    }
    const whole = frames.filter((frame) => !inParts.has(frame))
    const pictures = whole.map(({ picture }) => picture)
    const found = whole.length === 0 ? [] : await timed('detect', () => detector.detect(pictures))
    for (const frame of whole) regionsOf(frame.camera)?.sawWhole(frame)
    const inWholes = new Map(whole.map((frame, i) => [frame, found[i] ?? []]))
    return frames.map((frame) => ({ frame, faces: inParts.get(frame) ?? inWholes.get(frame) ?? [] }))
  })

/** The faces of a frame by the parts where they should be; null when the whole picture is to be looked at. */
const lookAtParts = async (
  frame: Frame,
  regions: Regions | null,
  detector: FaceDetector,
  timed: StageTimer,
): Promise<readonly Detection[] | null> => {
  const { picture } = frame
  const expected = regions?.next(frame)
  const parts = expected
    ? partsAround(
        expected.map(({ box }) => box),
        picture,
      )
    : null
  if (!expected || !parts) return null
  const cut = parts.map((part) => cutOut(picture, part))
  const found = await timed('parts', () => detector.detect(cut))
  return facesAsExpected(
    expected,
    parts.map((part, i) => (found[i] ?? []).map((face) => inWhole(face, part, picture))),
  )
}
