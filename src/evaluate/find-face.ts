import { type FaceDetector, findFaces } from '../photos/find-faces.ts'
import { mainFace } from '../photos/main-face.ts'
import type { Detection, Landmarks, Picture } from '../types.ts'

/**
 * How a photo's face was found. `found`: in the photo. `padded`: with a margin around the photo, because detectors miss
 * faces that fill the picture. `centred`: not at all, so the middle of the photo is taken for an aligned crop.
 */
export type Found = 'found' | 'padded' | 'centred'

/** Where eyes, nose and mouth are in an ArcFace crop of 112 pixels (insightface), as fractions of its side. */
const arcFace = [
  [38.2946, 51.6963],
  [73.5318, 51.5014],
  [56.0252, 71.7366],
  [41.5493, 92.3655],
  [70.7299, 92.2041],
] as const

/** The largest square in the middle of the photo, as if it were an aligned crop. */
const centred = ({ width, height }: Pick<Picture, 'width' | 'height'>): Detection => {
  const side = Math.min(width, height)
  const [left, top] = [(width - side) / 2, (height - side) / 2]
  const [a, b, c, d, e] = arcFace.map(([x, y]) => ({
    x: (left + (x / 112) * side) / width,
    y: (top + (y / 112) * side) / height,
  })) as unknown as Landmarks
  return {
    box: { x: left / width, y: top / height, width: side / width, height: side / height },
    landmarks: [a, b, c, d, e],
    score: 1,
  }
}

/** The face that a photo is about, in fractions of the photo, and how it was found. */
export const findFace = async (picture: Picture, detector: FaceDetector): Promise<{ face: Detection; how: Found }> => {
  const { faces, how } = await findFaces(picture, detector)
  const face = mainFace(faces, picture)
  return face ? { face, how } : { face: centred(picture), how: 'centred' }
}
