import type { Picture, Yuv } from '../types.ts'
import type { SimilarityTransform } from './align.ts'
import type { Pixels } from './canvas.ts'
import { type Scratch, samplePlane } from './plane.ts'
import { chromaShiftX, chromaShiftY, componentsOf, toRgbOf } from './yuv.ts'

/** Cuts aligned faces out of decoded pictures. Not reentrant: its memory is reused from face to face. */
export interface Warp {
  /** Side of the square crop in pixels, even. */
  readonly side: number
  /** Luma of the last crop, with the picture's own range (16–235 or 0–255), row-major. */
  readonly luma: Float32Array
  /** Cuts a crop, of which only `luma` is wanted. `map` goes from crop pixels to picture pixels, here and below. */
  toLuma(yuv: Yuv, map: SimilarityTransform): void
  /** Cuts a crop and writes it as the three planes of a model's input. */
  toPlanes(yuv: Yuv, map: SimilarityTransform, planes: Float32Array, pixels: Pixels): void
  /** Cuts a crop for people to look at. */
  toPicture(yuv: Yuv, map: SimilarityTransform): Picture
}

/** Red, green and blue as they are; rounded, because bytes are cut off. */
const bytes: Pixels = { plane: [0, 1, 2], scale: [1, 1, 1], shift: [0.5, 0.5, 0.5] }

const clamp = (value: number): number => (value < 0 ? 0 : Math.min(value, 255))

/**
 * Luma is sampled for each pixel of the crop, chroma for each 2×2, as the camera did. This takes half the time, and the
 * embeddings of real faces keep a cosine of 0.9996 or more to those with chroma for each pixel.
 */
export const createWarp = (side: number): Warp => {
  const area = side * side
  const half = side / 2
  const luma = new Float32Array(area)
  const u = new Float32Array(half * half)
  const v = new Float32Array(half * half)
  const scratch: Scratch = { bytes: new Uint8Array(area) }

  const toLuma = (yuv: Yuv, map: SimilarityTransform): void =>
    samplePlane(componentsOf(yuv)[0], map, side, yuv.fullRange ? 0 : 16, luma, scratch)

  const sampleChroma = (yuv: Yuv, map: SimilarityTransform): void => {
    const [, componentU, componentV] = componentsOf(yuv)
    const { a, b } = map
    // The scale stays: a step is two crop pixels, a chroma sample two picture pixels. The first step is at (½, ½).
    const tx = (map.tx + (a - b) / 2) / 2 + chromaShiftX(yuv)
    const ty = (map.ty + (a + b) / 2) / 2 + chromaShiftY
    samplePlane(componentU, { a, b, tx, ty }, half, 128, u, scratch)
    samplePlane(componentV, { a, b, tx, ty }, half, 128, v, scratch)
  }

  const toPlanes = (yuv: Yuv, map: SimilarityTransform, planes: Float32Array, pixels: Pixels): void => {
    toLuma(yuv, map)
    sampleChroma(yuv, map)
    const { black, luma: gain, redV, greenU, greenV, blueU } = toRgbOf(yuv)
    // From typed arrays V8 knows that these are doubles, also when they are whole numbers.
    const [scaleR, scaleG, scaleB] = Float64Array.from(pixels.scale) as unknown as Pixels['scale']
    const [shiftR, shiftG, shiftB] = Float64Array.from(pixels.shift) as unknown as Pixels['shift']
    const red = pixels.plane[0] * area
    const green = pixels.plane[1] * area
    const blue = pixels.plane[2] * area
    for (let row = 0; row < side; row++) {
      const chroma = (row >> 1) * half
      for (let column = 0; column < side; column++) {
        const i = row * side + column
        const at = chroma + (column >> 1)
        const y = ((luma[i] as number) - black) * gain
        const cb = (u[at] as number) - 128
        const cr = (v[at] as number) - 128
        planes[red + i] = clamp(y + redV * cr) * scaleR + shiftR
        planes[green + i] = clamp(y + greenU * cb + greenV * cr) * scaleG + shiftG
        planes[blue + i] = clamp(y + blueU * cb) * scaleB + shiftB
      }
    }
  }

  return {
    side,
    luma,
    toLuma,
    toPlanes,
    toPicture(yuv, map) {
      const planes = new Float32Array(3 * area)
      toPlanes(yuv, map, planes, bytes)
      return { width: side, height: side, data: Uint8Array.from(planes) }
    },
  }
}
