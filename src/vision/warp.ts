import type { Landmarks, Picture, Yuv } from '../types.ts'
import { cropToPicture, type Similarity, type Template } from './align.ts'
import type { Pixels } from './canvas.ts'
import { type Scratch, samplePlane } from './plane.ts'
import { chromaShiftX, chromaShiftY, componentsOf, toRgbOf } from './yuv.ts'

/** Cuts aligned faces out of decoded pictures. Not reentrant: the memory is reused from face to face. */
export interface Warp {
  /** Side of the square crop, pixels. */
  readonly side: number
  /** Luma of the last crop as it is in the picture (16–235 or 0–255), row-major. */
  readonly luma: Float32Array
  /** Cuts the crop that `map` (crop pixels to picture pixels) shows and writes it as the embedder's three planes. */
  toPlanes(yuv: Yuv, map: Similarity, planes: Float32Array, pixels: Pixels): void
  /** The same as packed RGB, for people and for tests. */
  toRgb(yuv: Yuv, map: Similarity): Picture
}

const clamp = (value: number): number => Math.min(Math.max(value, 0), 255)

export const createWarp = (side: number): Warp => {
  const area = side * side
  const luma = new Float32Array(area)
  const u = new Float32Array(area)
  const v = new Float32Array(area)
  const scratch: Scratch = { bytes: new Uint8Array(area) }

  const sampleAll = (yuv: Yuv, map: Similarity): void => {
    const [componentY, componentU, componentV] = componentsOf(yuv)
    samplePlane(componentY, map, side, yuv.fullRange ? 0 : 16, luma, scratch)
    const chroma = {
      a: map.a / 2,
      b: map.b / 2,
      tx: map.tx / 2 + chromaShiftX(yuv),
      ty: map.ty / 2 + chromaShiftY,
    }
    samplePlane(componentU, chroma, side, 128, u, scratch)
    samplePlane(componentV, chroma, side, 128, v, scratch)
  }

  const toPlanes = (yuv: Yuv, map: Similarity, planes: Float32Array, pixels: Pixels): void => {
    sampleAll(yuv, map)
    const { black, luma: gain, redV, greenU, greenV, blueU } = toRgbOf(yuv)
    const [scaleR, scaleG, scaleB] = pixels.scale
    const [shiftR, shiftG, shiftB] = pixels.shift
    const red = pixels.plane[0] * area
    const green = pixels.plane[1] * area
    const blue = pixels.plane[2] * area
    for (let i = 0; i < area; i++) {
      const y = ((luma[i] as number) - black) * gain
      const cb = (u[i] as number) - 128
      const cr = (v[i] as number) - 128
      planes[red + i] = clamp(y + redV * cr) * scaleR + shiftR
      planes[green + i] = clamp(y + greenU * cb + greenV * cr) * scaleG + shiftG
      planes[blue + i] = clamp(y + blueU * cb) * scaleB + shiftB
    }
  }

  const rgb = new Float32Array(3 * area)
  const plain: Pixels = { plane: [0, 1, 2], scale: [1, 1, 1], shift: [0, 0, 0] }

  return {
    side,
    luma,
    toPlanes,
    toRgb(yuv, map) {
      toPlanes(yuv, map, rgb, plain)
      const data = new Uint8Array(3 * area)
      for (let i = 0; i < 3 * area; i++) data[i] = Math.round(rgb[(i % 3) * area + Math.floor(i / 3)] as number)
      return { width: side, height: side, data }
    },
  }
}

/** An aligned crop as packed RGB u8, side × side; null for landmarks that are no face. Landmarks are fractions. */
export const alignToRgb = (yuv: Yuv, landmarks: Landmarks, template: Template, side: number): Picture | null => {
  const map = cropToPicture(landmarks, template, yuv)
  return map && createWarp(side).toRgb(yuv, map)
}
