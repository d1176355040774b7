import type { Yuv } from '../types.ts'
import type { Component } from './plane.ts'

/** Y, U and V of a decoded picture, I420 or NV12. Views of its memory, no copies. */
export const componentsOf = (yuv: Yuv): readonly [Component, Component, Component] => {
  const { width, height } = yuv
  const half = { width: (width + 1) >> 1, height: (height + 1) >> 1 }
  const plane = (index: number) => yuv.planes[index] ?? { data: new Uint8Array(), stride: 0 }
  const luma = { ...plane(0), step: 1, offset: 0, width, height }
  if (yuv.format === 'NV12')
    return [luma, { ...plane(1), step: 2, offset: 0, ...half }, { ...plane(1), step: 2, offset: 1, ...half }]
  return [luma, { ...plane(1), step: 1, offset: 0, ...half }, { ...plane(2), step: 1, offset: 0, ...half }]
}

/** Luma weights of red and blue by ITU-R BT.601, BT.709 and BT.2020 (non-constant luminance). */
const weights = {
  bt601: [0.299, 0.114],
  bt709: [0.2126, 0.0722],
  bt2020: [0.2627, 0.0593],
} as const

/** Coefficients that give R, G and B (0–255, not yet clamped) from Y − black, U − 128 and V − 128. */
export interface ToRgb {
  /** The Y value of black. */
  readonly black: number
  readonly luma: number
  readonly redV: number
  readonly greenU: number
  readonly greenV: number
  readonly blueU: number
}

/** The coefficients for a picture's colour matrix and range. */
export const toRgbOf = ({ matrix, fullRange }: Pick<Yuv, 'matrix' | 'fullRange'>): ToRgb => {
  const [red, blue] = weights[matrix]
  const green = 1 - red - blue
  const chroma = fullRange ? 1 : 255 / 224
  return {
    black: fullRange ? 0 : 16,
    luma: fullRange ? 1 : 255 / 219,
    redV: 2 * (1 - red) * chroma,
    greenU: (-2 * blue * (1 - blue) * chroma) / green,
    greenV: (-2 * red * (1 - red) * chroma) / green,
    blueU: 2 * (1 - blue) * chroma,
  }
}

/** Y, U and V (whole, 0–255) of red, green and blue (0–255) in a picture of this colour matrix and range. */
export const fromRgbOf = ({ matrix, fullRange }: Pick<Yuv, 'matrix' | 'fullRange'>) => {
  const [red, blue] = weights[matrix]
  const [black, luma, chroma] = fullRange ? [0, 1, 1] : [16, 219 / 255, 224 / 255]
  const byte = (value: number): number => Math.min(255, Math.max(0, Math.round(value)))
  return ([r, g, b]: readonly [number, number, number]): readonly [y: number, u: number, v: number] => {
    const y = red * r + (1 - red - blue) * g + blue * b
    const u = (b - y) / (2 * (1 - blue))
    const v = (r - y) / (2 * (1 - red))
    return [byte(black + y * luma), byte(128 + u * chroma), byte(128 + v * chroma)]
  }
}

/**
 * Where luma column 0 is on the chroma grid, in chroma samples. H.264 puts chroma samples at the left, JPEG in the
 * middle.
 */
export const chromaShiftX = ({ fullRange }: Pick<Yuv, 'fullRange'>): number => (fullRange ? -0.25 : 0)
/** Where luma row 0 is on the chroma grid: both put chroma samples between two rows. */
export const chromaShiftY = -0.25
