import type { Box, Landmarks, Picture, Yuv } from '../types.ts'
import { createWarp, type Warp } from './warp.ts'

/** The longest side of a crop, pixels. */
export const mostCropPx = 160
/** Of the JPEG, 1–100: some 5 kB each. */
export const cropQuality = 85
/** Sides of crops: the smallest that shows every pixel of the face, so that little is enlarged. */
const sides = [64, 96, 128, mostCropPx] as const
/** So much of the box is added on each side, for hair and chin. */
const margin = 0.3

/** Cuts faces out of decoded pictures for people to look at. Not reentrant: it reuses its memory. */
export interface FaceCropper {
  /**
   * A square around the face, turned so that the eyes are level, planar RGB, side at most `mostCropPx`. `box` and
   * `landmarks` are fractions of the upright picture. Null for a box or landmarks that cannot be a face.
   */
  cut(full: Yuv, box: Box, landmarks: Landmarks): Picture | null
}

/** Makes the cropper of one process. */
export const createFaceCropper = (): FaceCropper => {
  const warps = new Map<number, Warp>()
  const warpOf = (side: number): Warp => {
    const warp = warps.get(side) ?? createWarp(side)
    warps.set(side, warp)
    return warp
  }
  return {
    cut(full, box, landmarks) {
      const { width, height } = full
      const square = Math.max(box.width * width, box.height * height) * (1 + 2 * margin)
      const [left, right] = landmarks
      const angle = Math.atan2((right.y - left.y) * height, (right.x - left.x) * width)
      if (!(square >= 8) || !Number.isFinite(square + angle)) return null
      const side = sides.find((each) => each >= square) ?? mostCropPx
      const scale = square / side
      const [a, b] = [scale * Math.cos(angle), scale * Math.sin(angle)]
      const centreX = (box.x + box.width / 2) * width - 0.5
      const centreY = (box.y + box.height / 2) * height - 0.5
      const half = (side - 1) / 2
      const map = { a, b, tx: centreX - (a - b) * half, ty: centreY - (a + b) * half }
      return warpOf(side).toPicture(full, map)
    },
  }
}
