import type { Similarity } from './align.ts'

/** One component of a decoded picture: planar, or every second byte of NV12's chroma. */
export interface Component {
  readonly data: Uint8Array
  /** Bytes a row. */
  readonly stride: number
  /** Bytes from one sample to the next, and before the first one of a row. */
  readonly step: number
  readonly offset: number
  readonly width: number
  readonly height: number
}

interface Region {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** The part of the component that a crop touches, widened by `margin`; empty when it lies outside. */
const regionOf = (map: Similarity, crop: number, of: Component, margin: number): Region => {
  const last = crop - 1
  const xs = [map.tx, map.tx + map.a * last, map.tx - map.b * last, map.tx + (map.a - map.b) * last]
  const ys = [map.ty, map.ty + map.b * last, map.ty + map.a * last, map.ty + (map.b + map.a) * last]
  return {
    left: Math.max(0, Math.floor(Math.min(...xs)) - margin),
    top: Math.max(0, Math.floor(Math.min(...ys)) - margin),
    right: Math.min(of.width, Math.ceil(Math.max(...xs)) + margin + 1),
    bottom: Math.min(of.height, Math.ceil(Math.max(...ys)) + margin + 1),
  }
}

/** A block is averaged from at most this many samples a side, so that the cost does not grow with the face. */
const samplesASide = 4

/** Memory that grows to the largest face seen and is then reused. */
export interface Scratch {
  bytes: Uint8Array
}

/**
 * Averages blocks of `k`×`k` samples of the region that the crop touches, and gives the smaller component with the
 * map into it. Without this, a face larger than the crop would be sampled with gaps, and its texture would alias.
 */
const shrink = (of: Component, map: Similarity, crop: number, k: number, scratch: Scratch): [Component, Similarity] => {
  const { left, top, right, bottom } = regionOf(map, crop, of, k)
  const width = Math.max(0, Math.floor((right - left) / k))
  const height = Math.max(0, Math.floor((bottom - top) / k))
  if (scratch.bytes.length < width * height) scratch.bytes = new Uint8Array(width * height)
  const out = scratch.bytes
  const every = Math.max(1, Math.floor(k / samplesASide))
  const count = Math.ceil(k / every)
  const half = (count * count) / 2
  const { data, stride, step } = of
  const jump = every * step
  const down = every * stride
  let to = 0
  for (let y = 0; y < height; y++) {
    let block = (top + y * k) * stride + of.offset + left * step
    for (let x = 0; x < width; x++, block += k * step) {
      let sum = 0
      for (let row = 0, from = block; row < count; row++, from += down)
        for (let i = 0, at = from; i < count; i++, at += jump) sum += data[at] as number
      out[to++] = (sum + half) / (count * count)
    }
  }
  // Where the samples of the first block have their middle.
  const middle = ((count - 1) * every) / 2
  return [
    { data: out, stride: width, step: 1, offset: 0, width, height },
    { a: map.a / k, b: map.b / k, tx: (map.tx - left - middle) / k, ty: (map.ty - top - middle) / k },
  ]
}

/**
 * Samples `crop`×`crop` values: out[y·crop + x] is the component at map(x, y), bilinear, `outside` beyond its edge.
 * `map` goes from crop pixels to the component's samples, centres at whole numbers.
 */
export const samplePlane = (
  of: Component,
  map: Similarity,
  crop: number,
  outside: number,
  out: Float32Array,
  scratch: Scratch,
): void => {
  const k = Math.round(Math.hypot(map.a, map.b))
  if (k > 1) sample(...shrink(of, map, crop, k, scratch), crop, outside, out)
  else sample(of, map, crop, outside, out)
}

const sample = (of: Component, map: Similarity, crop: number, outside: number, out: Float32Array): void => {
  const { data, stride, step, offset } = of
  const lastX = of.width - 1
  const lastY = of.height - 1
  const { a, b } = map
  let to = 0
  for (let row = 0; row < crop; row++) {
    const startX = map.tx - b * row
    const startY = map.ty + a * row
    for (let column = 0; column < crop; column++, to++) {
      const x = startX + a * column
      const y = startY + b * column
      if (x >= 0 && y >= 0 && x < lastX && y < lastY) {
        const x0 = x | 0
        const y0 = y | 0
        const right = x - x0
        const at = y0 * stride + x0 * step + offset
        const p = data[at] as number
        const q = data[at + stride] as number
        const upper = p + ((data[at + step] as number) - p) * right
        const lower = q + ((data[at + stride + step] as number) - q) * right
        out[to] = upper + (lower - upper) * (y - y0)
      } else out[to] = nearEdge(of, x, y, outside)
    }
  }
}

/** Between the outermost samples' centres and one sample further out the edge is repeated; beyond that is `outside`. */
const nearEdge = (of: Component, x: number, y: number, outside: number): number => {
  if (!(x > -1 && y > -1 && x < of.width && y < of.height)) return outside
  const clampedX = Math.min(Math.max(x, 0), of.width - 1)
  const clampedY = Math.min(Math.max(y, 0), of.height - 1)
  const x0 = Math.floor(clampedX)
  const y0 = Math.floor(clampedY)
  const at = (column: number, line: number): number =>
    of.data[Math.min(line, of.height - 1) * of.stride + Math.min(column, of.width - 1) * of.step + of.offset] as number
  const right = clampedX - x0
  const upper = at(x0, y0) + (at(x0 + 1, y0) - at(x0, y0)) * right
  const lower = at(x0, y0 + 1) + (at(x0 + 1, y0 + 1) - at(x0, y0 + 1)) * right
  return upper + (lower - upper) * (clampedY - y0)
}
