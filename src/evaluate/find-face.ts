import type { Detection, Landmarks, Picture } from '../types.ts'

/**
 * How the face was found: in the photo as it is; with a margin around it, because detectors miss faces that fill the
 * picture; or not at all, and the middle of the photo is taken for an aligned crop.
 */
export type Found = 'found' | 'padded' | 'centred'

/** Area less twice the squared distance from the middle, as in FaceNet's alignment: of several faces the one meant. */
const meant = (faces: readonly Detection[], { width, height }: Pick<Picture, 'width' | 'height'>): Detection | null => {
  const worth = ({ box }: Detection): number => {
    const dx = (box.x + box.width / 2 - 0.5) * width
    const dy = (box.y + box.height / 2 - 0.5) * height
    return box.width * width * box.height * height - 2 * (dx * dx + dy * dy)
  }
  return faces.reduce<Detection | null>((best, face) => (best && worth(best) >= worth(face) ? best : face), null)
}

/** The picture in the middle of a grey one, `margin` of its sides wider on each side. Planar RGB. */
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

/** From fractions of the padded picture to those of the photo. */
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

export interface FaceDetector {
  detect(pictures: readonly Picture[]): Promise<readonly (readonly Detection[])[]>
}

/** Every face of a photo, in fractions of it; looked for with a margin around the photo when there is none without. */
export const findFaces = async (
  picture: Picture,
  detector: FaceDetector,
): Promise<{ faces: readonly Detection[]; how: Exclude<Found, 'centred'> }> => {
  const [direct = []] = await detector.detect([picture])
  if (direct.length > 0) return { faces: direct, how: 'found' }
  const [around = []] = await detector.detect([padded(picture, margin)])
  return { faces: around.map(withoutMargin), how: 'padded' }
}

/** The face of a photo that is meant, in fractions of it, and how it was found. */
export const findFace = async (picture: Picture, detector: FaceDetector): Promise<{ face: Detection; how: Found }> => {
  const { faces, how } = await findFaces(picture, detector)
  const face = meant(faces, picture)
  return face ? { face, how } : { face: centred(picture), how: 'centred' }
}
