import type { Detection, Landmarks, Picture } from '../types.ts'

/**
 * How a photo's face was found. `found`: in the photo. `padded`: with a margin around the photo, because detectors miss
 * faces that fill the picture. `centred`: not at all, so the middle of the photo is taken for an aligned crop.
 */
export type Found = 'found' | 'padded' | 'centred'

/**
 * Of several faces the one that the photo is about: by area minus twice the squared distance from the middle, as in
 * FaceNet's alignment.
 */
const meant = (faces: readonly Detection[], { width, height }: Pick<Picture, 'width' | 'height'>): Detection | null => {
  const worth = ({ box }: Detection): number => {
    const dx = (box.x + box.width / 2 - 0.5) * width
    const dy = (box.y + box.height / 2 - 0.5) * height
    return box.width * width * box.height * height - 2 * (dx * dx + dy * dy)
  }
  return faces.reduce<Detection | null>((best, face) => (best && worth(best) >= worth(face) ? best : face), null)
}

/** The picture in the middle of a grey one that is wider by `margin` of its sides on each side. Planar RGB. */
const padded = ({ width, height, data }: Picture, margin: number): Picture => {
  const [left, top] = [Math.round(width * margin), Math.round(height * margin)]
  const [outerWidth, outerHeight] = [width + 2 * left, height + 2 * top]
  const result = new Uint8Array(3 * outerWidth * outerHeight).fill(128)
  for (let channel = 0; channel < 3; channel++)
    for (let y = 0; y < height; y++) {
      const from = (channel * height + y) * width
      result.set(data.subarray(from, from + width), (channel * outerHeight + y + top) * outerWidth + left)
    }
  return { width: outerWidth, height: outerHeight, data: result }
}

const margin = 0.5

/** Turns fractions of the padded picture into fractions of the photo. */
const withoutMargin = ({ box, landmarks, score }: Detection): Detection => {
  const scale = 1 + 2 * margin
  const [a, b, c, d, e] = landmarks.map(({ x, y }) => ({ x: x * scale - margin, y: y * scale - margin }))
  const origin = { x: 0, y: 0 }
  return {
    box: { x: box.x * scale - margin, y: box.y * scale - margin, width: box.width * scale, height: box.height * scale },
    landmarks: [a ?? origin, b ?? origin, c ?? origin, d ?? origin, e ?? origin],
    score,
  }
}

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

/** The part of `Detector` that is used here. */
export interface FaceDetector {
  detect(pictures: readonly Picture[]): Promise<readonly (readonly Detection[])[]>
}

/**
 * All faces of a photo, in fractions of it. When there is none, the photo is searched again with a margin around it.
 */
export const findFaces = async (
  picture: Picture,
  detector: FaceDetector,
): Promise<{ faces: readonly Detection[]; how: Exclude<Found, 'centred'> }> => {
  const [direct = []] = await detector.detect([picture])
  if (direct.length > 0) return { faces: direct, how: 'found' }
  const [around = []] = await detector.detect([padded(picture, margin)])
  return { faces: around.map(withoutMargin), how: 'padded' }
}

/** The face that a photo is about, in fractions of the photo, and how it was found. */
export const findFace = async (picture: Picture, detector: FaceDetector): Promise<{ face: Detection; how: Found }> => {
  const { faces, how } = await findFaces(picture, detector)
  const face = meant(faces, picture)
  return face ? { face, how } : { face: centred(picture), how: 'centred' }
}
