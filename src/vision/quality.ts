import type { Box, Landmarks, Quality } from '../types.ts'
import { type Detail, detailOf } from './detail.ts'
import { sharpnessOf } from './sharpness.ts'

/**
 * Where the nose is between the sides of the face, along the line of the eyes: −1 at the image-left side, 0 in the
 * middle, 1 at the image-right side. `aspect` is the picture's width over its height, because landmarks are fractions
 * of both.
 */
export const yawOf = (landmarks: Landmarks, aspect: number): number => {
  const [leftEye, rightEye, nose, leftMouth, rightMouth] = landmarks
  const left = { x: ((leftEye.x + leftMouth.x) / 2) * aspect, y: (leftEye.y + leftMouth.y) / 2 }
  const right = { x: ((rightEye.x + rightMouth.x) / 2) * aspect, y: (rightEye.y + rightMouth.y) / 2 }
  const alongX = right.x - left.x
  const alongY = right.y - left.y
  const length = alongX * alongX + alongY * alongY
  const at = ((nose.x * aspect - left.x) * alongX + (nose.y - left.y) * alongY) / length
  return Number.isFinite(at) ? Math.min(Math.max(2 * at - 1, -1), 1) : 1
}

/**
 * Faces of at most `smallestPx` count nothing, from `largeEnoughPx` on they count fully. Calibrated on footage of three
 * people, 640×480, by the cosine between a face and its person's mean: the same faces scaled down keep a cosine of 0.97
 * at 50 pixels, 0.93 at 38, 0.84 at 28, 0.57 at 19, 0 at 14.
 */
const smallestPx = 14
const largeEnoughPx = 40
/** Larger steps would leave the crop. Faces that small count next to nothing anyway. */
const largestStep = 8
/**
 * The quality that a profile (yaw ±1) keeps where the detector is certain: with right landmarks its cosine is still
 * 0.6. Where the detector is less certain, a profile's landmarks are mostly wrong: between scores of .8 and .9 the
 * median cosine is .2, no more than to the most similar other person.
 */
const profileShare = 0.4
/** The shares of the crop inside the picture at which a face counts nothing, and fully. */
const leastVisible = 0.25
const wellVisible = 0.9

const ramp = (value: number, from: number, to: number): number => Math.min(Math.max((value - from) / (to - from), 0), 1)

/** The detector's scores at which a face counts nothing, and fully. Every detector has its own. */
export type ScoreRange = readonly [from: number, to: number]

/** What the quality of a face is computed from. */
export interface Looks {
  readonly box: Box
  readonly landmarks: Landmarks
  readonly score: number
  /** Luma of the aligned crop, side × side. */
  readonly luma: Float32Array
  readonly side: number
  /** Picture pixels for one crop pixel; below 1 the face was enlarged. */
  readonly scale: number
  /** The share of the crop that is inside the picture, 0–1. */
  readonly visible: number
  /** The full-size picture in pixels. */
  readonly width: number
  readonly height: number
}

/** What the crop shows, as sharpness is computed from it. */
export const shownDetail = ({ luma, side, scale }: Pick<Looks, 'luma' | 'side' | 'scale'>): Detail =>
  detailOf(luma, side, Math.min(Math.max(Math.round(1 / scale), 1), largestStep, Math.floor(side / 5)))

/**
 * overall = score · size · sharpness · visible · (1 − (1 − 0.4 score²) yaw²), each 0–1. The detector's score says most:
 * its correlation with the cosine is 0.66, and it falls with hands over the face and hard light. The other factors are
 * what a detector does not mind: faces that are small, blurred, noisy, dark or coarse, cut off by the picture's edge, or
 * turned away.
 */
export const qualityOf = (face: Looks, [worthless, certain]: ScoreRange): Quality => {
  const { box, landmarks, width, height } = face
  const sizePx = Math.min(box.width * width, box.height * height)
  const sharpness = sharpnessOf(shownDetail(face))
  const yaw = yawOf(landmarks, width / height)
  const certainty = ramp(face.score, worthless, certain)
  const overall =
    certainty *
    ramp(sizePx, smallestPx, largeEnoughPx) *
    ramp(face.visible, leastVisible, wellVisible) *
    sharpness *
    (1 - (1 - profileShare * certainty ** 2) * yaw * yaw)
  return { overall, sizePx, sharpness, yaw }
}
