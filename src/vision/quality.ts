import type { Box, Landmarks, Quality } from '../types.ts'

/**
 * Variance of the 3×3 Laplacian (Pech-Pacheco 2000) over the middle of an aligned crop, where the face is whatever the
 * pose, divided by the variance of the luma there: contrast and exposure cancel out, focus and motion blur remain.
 */
export const laplacianRatio = (luma: Float32Array, side: number): number => {
  const from = Math.floor(side / 5)
  const to = side - from
  let sum = 0
  let squares = 0
  let light = 0
  let lightSquares = 0
  for (let y = from; y < to; y++) {
    for (let x = from; x < to; x++) {
      const i = y * side + x
      const here = luma[i] as number
      const bend =
        (luma[i - 1] as number) +
        (luma[i + 1] as number) +
        (luma[i - side] as number) +
        (luma[i + side] as number) -
        4 * here
      sum += bend
      squares += bend * bend
      light += here
      lightSquares += here * here
    }
  }
  const count = (to - from) ** 2
  const bendVariance = squares / count - (sum / count) ** 2
  const variance = lightSquares / count - (light / count) ** 2
  return bendVariance / Math.max(variance, 1)
}

/**
 * Where the nose is between the sides of the face, along the line of the eyes: −1 at the image-left side … 0 in the
 * middle … 1. `aspect` is the picture's width over its height, because landmarks are fractions of both.
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

/** The Laplacian ratio at which sharpness is one half. */
const halfSharp = 0.02
/** Shorter side of the box in full-size pixels from which size costs nothing. */
const largeEnoughPx = 64
/** Detector scores at and below which a face weighs nothing. */
const worstScore = 0.5

const ramp = (value: number, from: number, to: number): number => Math.min(Math.max((value - from) / (to - from), 0), 1)

/** What is known of a face when it is embedded. */
export interface Looks {
  readonly box: Box
  readonly landmarks: Landmarks
  readonly score: number
  /** Luma of the aligned crop, side × side. */
  readonly luma: Float32Array
  readonly side: number
  /** The full-size picture in pixels. */
  readonly width: number
  readonly height: number
}

export const qualityOf = ({ box, landmarks, score, luma, side, width, height }: Looks): Quality => {
  const sizePx = Math.min(box.width * width, box.height * height)
  const ratio = laplacianRatio(luma, side)
  const sharpness = ratio / (ratio + halfSharp)
  const yaw = yawOf(landmarks, width / height)
  const overall = Math.sqrt(ramp(sizePx, 0, largeEnoughPx)) * sharpness * (1 - yaw * yaw) * ramp(score, worstScore, 0.9)
  return { overall, sizePx, sharpness, yaw }
}
