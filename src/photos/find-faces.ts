import type { Detection, Picture } from '../types.ts'

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
): Promise<{ faces: readonly Detection[]; how: 'found' | 'padded' }> => {
  const [direct = []] = await detector.detect([picture])
  if (direct.length > 0) return { faces: direct, how: 'found' }
  const [around = []] = await detector.detect([padded(picture, margin)])
  return { faces: around.map(withoutMargin), how: 'padded' }
}
