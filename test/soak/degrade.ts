import { pictureFrom } from '../../src/evaluate/spoilt/picture-from.ts'
import { enlarged, meanOver, quantised, reduced } from '../../src/math/luma-plane.ts'
import type { Frame, Plane, Yuv } from '../../src/types.ts'
import { createNightSensor } from './night-sensor.ts'

/** How the picture is: as the loop has it, at night, out of focus, or from a camera of few pixels. */
export const conditions = ['plain', 'night', 'blurred', 'coarse'] as const
export type Condition = (typeof conditions)[number]

/**
 * The frame's two pictures under one condition; copies. It is given those of one camera in their order, because a camera
 * remembers the last one.
 */
export type Degrade = (frame: Frame) => Pick<Frame, 'full' | 'picture'>

/** The side of the averaged square out of focus, as a share of the picture's width: 7 pixels of 1280. */
const blurShare = 7 / 1280
/** A camera of 320 × 180 pixels, whose pictures a recorder enlarges to 1280 × 720. */
const coarseWidth = 320
/** Steps of the codec's coefficients, in units of luma: a low bit rate at night, and of a camera's smallest stream. */
const nightStep = 14
const coarseStep = 16

/** Luma of 0–255 without padding, width × height. */
export type Luma = Float32Array

const lumaOf = ({ planes: [plane], width, height }: Yuv): Luma => {
  const { data, stride } = plane as Plane
  const luma = new Float32Array(width * height)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) luma[y * width + x] = data[y * stride + x] as number
  return luma
}

/** The picture with other luma; `colours` false takes its colours away. */
const withLuma = (full: Yuv, luma: Luma, colours: boolean): Yuv => {
  // A clamped array rounds, too.
  const data = new Uint8Array(new Uint8ClampedArray(luma).buffer)
  const others = full.planes.slice(1).map(
    (plane): Plane => ({
      stride: plane.stride,
      data: colours ? Uint8Array.from(plane.data) : new Uint8Array(plane.data.length).fill(128),
    }),
  )
  return { ...full, planes: [{ data, stride: full.width }, ...others] }
}

const blurred = (luma: Luma, size: Yuv): Luma => meanOver(luma, size, Math.max(3, Math.round(blurShare * size.width)))

const coarse = (luma: Luma, size: Yuv): Luma => {
  const small = { width: coarseWidth, height: Math.round((coarseWidth * size.height) / size.width) }
  const seen = reduced((x, y) => luma[y * size.width + x] as number, size, small)
  return enlarged(quantised(seen, small, coarseStep), small, size)
}

/** The noise of the night depends on `seed` and on how many pictures there were. */
export const createDegrade = (condition: Condition, seed: number): Degrade => {
  const sensor = createNightSensor(seed)
  const see = (full: Yuv): Luma | null => {
    if (condition === 'night') return sensor.see(lumaOf(full), full)
    if (condition === 'blurred') return blurred(lumaOf(full), full)
    return condition === 'coarse' ? coarse(lumaOf(full), full) : null
  }
  return ({ full, picture }) => {
    const luma = see(full)
    if (!luma) return { full, picture }
    const isNight = condition === 'night'
    const changed = withLuma(full, isNight ? quantised(luma, full, nightStep) : luma, !isNight)
    return { full: changed, picture: pictureFrom(changed, picture) }
  }
}
