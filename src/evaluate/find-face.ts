import { type FaceDetector, findFaces } from '../photos/find-faces.ts'
import { mainFace } from '../photos/main-face.ts'
import type { Detection, Landmarks, Picture } from '../types.ts'
import { arcfaceTemplate } from '../vision/known-models.ts'

/**
 * How a photo's face was found. `found`: in the photo. `padded`: with a margin around the photo, because detectors miss
 * faces that fill the picture. `centred`: not at all, so the middle of the photo is taken for an aligned crop.
 */
export type Found = 'found' | 'padded' | 'centred'

/** The largest square in the middle of the photo, as if it were an aligned crop. */
const centred = ({ width, height }: Pick<Picture, 'width' | 'height'>): Detection => {
  const side = Math.min(width, height)
  const [left, top] = [(width - side) / 2, (height - side) / 2]
  const landmarks = arcfaceTemplate.map(([x, y]) => ({
    x: (left + (x / 112) * side) / width,
    y: (top + (y / 112) * side) / height,
  })) as unknown as Landmarks
  return {
    box: { x: left / width, y: top / height, width: side / width, height: side / height },
    landmarks,
    score: 1,
  }
}

/** The face that a photo is about, in fractions of the photo, and how it was found. */
export const findFace = async (picture: Picture, detector: FaceDetector): Promise<{ face: Detection; how: Found }> => {
  const { faces, how } = await findFaces(picture, detector)
  const face = mainFace(faces, picture)
  return face ? { face, how } : { face: centred(picture), how: 'centred' }
}
