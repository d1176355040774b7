/** Operations on luma planes: `width` × `height` values, row-major, 0–255. Each returns a new plane. */

/** Of a plane. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** A running mean of `side` values along lines of `count` values that lie `step` apart. */
const meanAlong = (from: Float32Array, start: number, step: number, count: number, side: number, out: Float32Array) => {
  const half = Math.floor(side / 2)
  const last = count - 1
  let sum = 0
  for (let i = -half; i <= half; i++) sum += from[start + step * Math.min(Math.max(i, 0), last)] as number
  for (let i = 0; i < count; i++) {
    out[start + step * i] = sum / (2 * half + 1)
    const next = i + half + 1
    const gone = i - half
    sum += from[start + step * Math.min(next, last)] as number
    sum -= from[start + step * Math.max(gone, 0)] as number
  }
}

/** The mean of the square of about `side` values around each value. */
export const meanOver = (plane: Float32Array, { width, height }: Size, side: number): Float32Array => {
  const rows = new Float32Array(plane.length)
  const result = new Float32Array(plane.length)
  for (let y = 0; y < height; y++) meanAlong(plane, y * width, 1, width, side, rows)
  for (let x = 0; x < width; x++) meanAlong(rows, x, width, height, side, result)
  return result
}

/** Scales down to `to`: each value is the mean of those of `from` that it covers. */
export const reduced = (at: (x: number, y: number) => number, from: Size, to: Size): Float32Array => {
  const result = new Float32Array(to.width * to.height)
  for (let y = 0; y < to.height; y++) {
    const top = Math.floor((y * from.height) / to.height)
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * from.height) / to.height))
    for (let x = 0; x < to.width; x++) {
      const left = Math.floor((x * from.width) / to.width)
      const right = Math.max(left + 1, Math.floor(((x + 1) * from.width) / to.width))
      let sum = 0
      for (let j = top; j < bottom; j++) for (let i = left; i < right; i++) sum += at(i, j)
      result[y * to.width + x] = sum / ((bottom - top) * (right - left))
    }
  }
  return result
}

/** Scales up to `to`, bilinearly. */
export const enlarged = (plane: Float32Array, from: Size, to: Size): Float32Array => {
  const result = new Float32Array(to.width * to.height)
  const place = (i: number, count: number, of: number): number =>
    Math.min(Math.max(((i + 0.5) * of) / count - 0.5, 0), of - 1)
  for (let y = 0; y < to.height; y++) {
    const atY = place(y, to.height, from.height)
    const top = Math.floor(atY) * from.width
    const bottom = Math.min(Math.floor(atY) + 1, from.height - 1) * from.width
    const down = atY - Math.floor(atY)
    for (let x = 0; x < to.width; x++) {
      const atX = place(x, to.width, from.width)
      const left = Math.floor(atX)
      const right = Math.min(left + 1, from.width - 1)
      const along = atX - left
      const upper = (plane[top + left] as number) * (1 - along) + (plane[top + right] as number) * along
      const lower = (plane[bottom + left] as number) * (1 - along) + (plane[bottom + right] as number) * along
      result[y * to.width + x] = upper * (1 - down) + lower * down
    }
  }
  return result
}

/** The orthonormal cosine transform of 8 values, as JPEG, MPEG and the like use it: coefficient k of value n at 8k + n. */
const forwards = Float64Array.from({ length: 64 }, (_, i) => {
  const [k, n] = [i >> 3, i & 7]
  return (k === 0 ? Math.SQRT1_2 / 2 : 0.5) * Math.cos(((2 * n + 1) * k * Math.PI) / 16)
})
const backwards = Float64Array.from({ length: 64 }, (_, i) => forwards[8 * (i & 7) + (i >> 3)] as number)

/** Transforms the rows of a block of 8 × 8 and writes them as columns. */
const transformRows = (block: Float64Array, by: Float64Array, out: Float64Array): void => {
  for (let row = 0; row < 64; row += 8)
    for (let k = 0; k < 8; k++) {
      let sum = 0
      for (let n = 0; n < 8; n++) sum += (by[8 * k + n] as number) * (block[row + n] as number)
      out[8 * k + (row >> 3)] = sum
    }
}

/** Coefficients below this share of a step become zero, as encoders prefer it. */
const deadZone = 0.65

/**
 * What a codec of a low bit rate leaves: blocks of 8 × 8, coefficients in multiples of `step`, coarser ones for finer
 * structure. A rest that fills no block stays.
 */
export const quantised = (plane: Float32Array, { width, height }: Size, step: number): Float32Array => {
  const result = Float32Array.from(plane)
  const [rows, block] = [new Float64Array(64), new Float64Array(64)]
  for (let top = 0; top + 8 <= height; top += 8)
    for (let left = 0; left + 8 <= width; left += 8) {
      for (let i = 0; i < 64; i++) block[i] = plane[(top + (i >> 3)) * width + left + (i & 7)] as number
      transformRows(block, forwards, rows)
      transformRows(rows, forwards, block)
      for (let i = 0; i < 64; i++) {
        const each = step * (1 + ((i >> 3) + (i & 7)) / 4)
        const size = Math.abs(block[i] as number) / each
        block[i] = (i === 0 ? Math.round(size) : Math.floor(size + 1 - deadZone)) * each * Math.sign(block[i] as number)
      }
      transformRows(block, backwards, rows)
      transformRows(rows, backwards, block)
      for (let i = 0; i < 64; i++) result[(top + (i >> 3)) * width + left + (i & 7)] = block[i] as number
    }
  return result
}

/** A plane as a camera with `factor` times fewer pixels a side would see it, enlarged to its size again. */
export const coarsened = (plane: Float32Array, size: Size, factor: number): Float32Array => {
  const small = { width: Math.round(size.width / factor), height: Math.round(size.height / factor) }
  return enlarged(
    reduced((x, y) => plane[y * size.width + x] as number, size, small),
    small,
    size,
  )
}
