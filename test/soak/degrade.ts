import { seededRandom } from '../../src/math/seeded-random.ts'
import type { Frame, Picture, Plane, Yuv } from '../../src/types.ts'

/** How the picture is: as the loop has it, at night, out of focus, or from a camera of few pixels. */
export const conditions = ['plain', 'night', 'blurred', 'coarse'] as const
export type Condition = (typeof conditions)[number]

/** Pixels of one plane, row-major without padding, changed in place. */
type Change = (pixels: Uint8Array, width: number, height: number) => void

/** A third of the light, no colour, and noise of this standard deviation, as an infrared camera has it. */
const nightGain = 0.33
const nightNoise = 5
/** Sides of the averaged squares, as shares of the picture's width: 7 and 4 pixels of 1280. */
const blurShare = 7 / 1280
const coarseShare = 4 / 1280

/** A running mean along one line of `count` pixels that lie `step` apart, written to `out`. */
const meanAlong = (
  from: Uint8Array,
  start: number,
  step: number,
  count: number,
  side: number,
  out: Uint8Array,
): void => {
  const half = Math.floor(side / 2)
  const at = (i: number): number => from[start + step * Math.min(Math.max(i, 0), count - 1)] as number
  let sum = 0
  for (let i = -half; i <= half; i++) sum += at(i)
  for (let i = 0; i < count; i++) {
    out[start + step * i] = sum / (2 * half + 1)
    sum += at(i + half + 1) - at(i - half)
  }
}

const blur: Change = (pixels, width, height) => {
  const side = Math.max(3, Math.round(blurShare * width))
  const rows = new Uint8Array(pixels.length)
  for (let y = 0; y < height; y++) meanAlong(pixels, y * width, 1, width, side, rows)
  for (let x = 0; x < width; x++) meanAlong(rows, x, width, height, side, pixels)
}

const coarsen: Change = (pixels, width, height) => {
  const side = Math.max(2, Math.round(coarseShare * width))
  for (let top = 0; top < height; top += side)
    for (let left = 0; left < width; left += side) {
      const [bottom, right] = [Math.min(top + side, height), Math.min(left + side, width)]
      let sum = 0
      for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sum += pixels[y * width + x] as number
      const mean = sum / ((bottom - top) * (right - left))
      for (let y = top; y < bottom; y++) pixels.fill(mean, y * width + left, y * width + right)
    }
}

/** `black` is the value of no light. Noise is the mean of three draws, which is near enough to a Gaussian. */
const darken =
  (black: number, random: () => number): Change =>
  (pixels) => {
    for (let i = 0; i < pixels.length; i++) {
      const noise = nightNoise * 2 * (random() + random() + random() - 1.5)
      pixels[i] = Math.min(255, Math.max(0, black + nightGain * ((pixels[i] as number) - black) + noise))
    }
  }

const packed = ({ data, stride }: Plane, width: number, height: number): Uint8Array => {
  const pixels = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) pixels.set(data.subarray(y * stride, y * stride + width), y * width)
  return pixels
}

const changedYuv = (full: Yuv, luma: Change, chroma: Change): Yuv => {
  const isNv12 = full.format === 'NV12'
  const planes = full.planes.map((plane, i): Plane => {
    const [width, height] =
      i === 0 ? [full.width, full.height] : [Math.ceil(full.width / 2) * (isNv12 ? 2 : 1), Math.ceil(full.height / 2)]
    const data = packed(plane, width, height)
    ;(i === 0 ? luma : chroma)(data, width, height)
    return { data, stride: width }
  })
  return { ...full, planes }
}

const changedPicture = ({ width, height, data }: Picture, change: Change): Picture => {
  const area = width * height
  const copy = Uint8Array.from(data)
  for (let channel = 0; channel < 3; channel++)
    change(copy.subarray(channel * area, (channel + 1) * area), width, height)
  return { width, height, data: copy }
}

/** Red, green and blue are their mean. */
const withoutColour = ({ width, height, data }: Picture): Picture => {
  const area = width * height
  const grey = Uint8Array.from({ length: area }, (_, i) => {
    return ((data[i] as number) + (data[area + i] as number) + (data[2 * area + i] as number)) / 3
  })
  const all = new Uint8Array(3 * area)
  for (let channel = 0; channel < 3; channel++) all.set(grey, channel * area)
  return { width, height, data: all }
}

/** The frame's two pictures under a condition. Copies; the noise of the night depends on `seed` only. */
export const degrade = (frame: Frame, condition: Condition, seed: number): Pick<Frame, 'full' | 'picture'> => {
  const { full, picture } = frame
  if (condition === 'plain') return { full, picture }
  if (condition === 'night') {
    const random = seededRandom(seed)
    const black = full.fullRange ? 0 : 16
    const dark = changedYuv(full, darken(black, random), (pixels) => void pixels.fill(128))
    return { full: dark, picture: changedPicture(withoutColour(picture), darken(0, random)) }
  }
  const change = condition === 'blurred' ? blur : coarsen
  // Colour has half the pixels already, and says little about a face.
  return { full: changedYuv(full, change, () => undefined), picture: changedPicture(picture, change) }
}
