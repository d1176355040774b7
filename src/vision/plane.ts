import type { SimilarityTransform } from './align.ts'

/** Y, U or V of a decoded picture. In NV12 the U and V samples alternate in one plane. */
export interface Component {
  readonly data: Uint8Array
  /** Bytes from one row to the next. */
  readonly stride: number
  /** Bytes from one sample to the next. */
  readonly step: number
  /** Bytes before the first sample of a row. */
  readonly offset: number
  readonly width: number
  readonly height: number
}

/** Memory that is reused from face to face. It grows to the largest face seen. */
export interface Scratch {
  bytes: Uint8Array
}

/** The part of a component, in samples, that a crop touches. */
interface Region {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** The region that a crop of `side`² touches: its corners are the extremes. */
const extentOf = (map: SimilarityTransform, side: number): Region => {
  const last = side - 1
  const xs = [map.tx, map.tx + map.a * last, map.tx - map.b * last, map.tx + (map.a - map.b) * last]
  const ys = [map.ty, map.ty + map.b * last, map.ty + map.a * last, map.ty + (map.b + map.a) * last]
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) }
}

/** Whole samples that are kept around the crop, so that its edge is interpolated from real neighbours. */
const margin = 2

/**
 * Averages each 2×2 samples of the region that the crop touches. Works in place on the memory of an earlier halving.
 */
const halve = (
  of: Component,
  map: SimilarityTransform,
  side: number,
  scratch: Scratch,
): [Component, SimilarityTransform] => {
  const extent = extentOf(map, side)
  // A multiple of 4, for `halveWords`.
  const left = Math.max(0, Math.floor(extent.left) - margin) & ~3
  const top = Math.max(0, Math.floor(extent.top) - margin)
  const width = Math.max(0, (Math.min(of.width, Math.ceil(extent.right) + margin) - left) >> 1)
  const height = Math.max(0, (Math.min(of.height, Math.ceil(extent.bottom) + margin) - top) >> 1)
  const stride = (width + 3) & ~3
  if (scratch.bytes.length < stride * height) scratch.bytes = new Uint8Array(stride * height)
  const out = scratch.bytes
  const aligned = of.step === 1 && of.offset === 0 && of.stride % 4 === 0 && of.data.byteOffset % 4 === 0
  const words = aligned ? new Int32Array(of.data.buffer, of.data.byteOffset, of.data.length >> 2) : null
  for (let y = 0; y < height; y++) {
    const at = (top + 2 * y) * of.stride + left * of.step + of.offset
    const even = words ? width & ~1 : 0
    if (words) halveWords(words, at >> 2, of.stride >> 2, out, y * stride, even)
    halveBytes(of, at + 2 * even * of.step, out, y * stride + even, width - even)
  }
  return [
    { data: out, stride, step: 1, offset: 0, width, height },
    { a: map.a / 2, b: map.b / 2, tx: (map.tx - left - 0.5) / 2, ty: (map.ty - top - 0.5) / 2 },
  ]
}

const halveBytes = (of: Component, from: number, out: Uint8Array, to: number, count: number): void => {
  const { data, stride, step } = of
  for (let at = from, end = to + count; to < end; to++, at += 2 * step) {
    const upper = (data[at] as number) + (data[at + step] as number)
    const lower = (data[at + stride] as number) + (data[at + stride + step] as number)
    out[to] = (upper + lower + 2) >> 2
  }
}

/** As `halveBytes`, two results at a time, from one little-endian word of each row. */
const halveWords = (
  words: Int32Array,
  from: number,
  stride: number,
  out: Uint8Array,
  to: number,
  count: number,
): void => {
  for (let at = from, end = to + count; to < end; to += 2, at++) {
    const upper = words[at] as number
    const lower = words[at + stride] as number
    const sums =
      (upper & 0xff00ff) + ((upper >>> 8) & 0xff00ff) + (lower & 0xff00ff) + ((lower >>> 8) & 0xff00ff) + 0x20002
    out[to] = (sums >>> 2) & 255
    out[to + 1] = (sums >>> 18) & 255
  }
}

/**
 * 1 in fixed point: 16 bits before the point are enough for any picture, and 16 after it for 1/100 pixel at a row's far
 * end.
 */
const one = 65536

/** Samples a row that lies inside, so no sample needs a check. 112 rows take 0.07 ms, half as long as with floats. */
const sampleInside = (of: Component, map: SimilarityTransform, row: number, side: number, out: Float32Array): void => {
  const { data, stride, step, offset } = of
  const a = Math.round(map.a * one) | 0
  const b = Math.round(map.b * one) | 0
  let x = Math.round((map.tx - map.b * row) * one) | 0
  let y = Math.round((map.ty + map.a * row) * one) | 0
  let to = row * side
  for (const end = to + side; to < end; to++) {
    const at = ((y >> 16) * stride + (x >> 16) * step + offset) | 0
    const right = (x >> 8) & 255
    const down = (y >> 8) & 255
    const p = data[at] as number
    const q = data[at + stride] as number
    const upper = ((p << 8) + ((data[at + step] as number) - p) * right) | 0
    const lower = ((q << 8) + ((data[at + stride + step] as number) - q) * right) | 0
    out[to] = ((upper << 8) + (lower - upper) * down) / one
    x = (x + a) | 0
    y = (y + b) | 0
  }
}

/**
 * Samples a row that reaches over an edge. The outermost sample is repeated for the width of one sample; beyond that
 * the value is `outside`.
 */
const sampleAcrossEdge = (
  of: Component,
  map: SimilarityTransform,
  row: number,
  side: number,
  outside: number,
  out: Float32Array,
): void => {
  const { data, stride, step, offset, width, height } = of
  const at = (x: number, y: number): number =>
    data[Math.min(y, height - 1) * stride + Math.min(x, width - 1) * step + offset] as number
  for (let column = 0; column < side; column++) {
    const x = map.tx + map.a * column - map.b * row
    const y = map.ty + map.b * column + map.a * row
    const to = row * side + column
    if (!(x > -1 && y > -1 && x < width && y < height)) {
      out[to] = outside
      continue
    }
    const inX = Math.min(Math.max(x, 0), width - 1)
    const inY = Math.min(Math.max(y, 0), height - 1)
    const x0 = Math.floor(inX)
    const y0 = Math.floor(inY)
    const upper = at(x0, y0) + (at(x0 + 1, y0) - at(x0, y0)) * (inX - x0)
    const lower = at(x0, y0 + 1) + (at(x0 + 1, y0 + 1) - at(x0, y0 + 1)) * (inX - x0)
    out[to] = upper + (lower - upper) * (inY - y0)
  }
}

/** Whether position (x, y) and its right and lower neighbours are inside, with room for the rounding of fixed point. */
const isInside = (of: Component, x: number, y: number): boolean =>
  x >= 0.01 && y >= 0.01 && x < Math.min(of.width - 1.01, 32_000) && y < Math.min(of.height - 1.01, 32_000)

/**
 * The most samples in a crop pixel for bilinear sampling; above this the component is halved first. Measured as the
 * cosine to the embedding of a supersampled crop (15 faces of one clip): halving from √2 on loses 0.003 between √2 and
 * 2, and never halving loses 0.002 from 2.4 on.
 */
const coarsest = 2.25

/**
 * Samples `side`×`side` values bilinearly: out[y·side + x] is the component at map(x, y), or `outside` beyond its edge.
 * `map` goes from crop pixels to the component's samples, centres at whole numbers. A face much larger than the crop is
 * halved first, as often as needed, because its texture would alias.
 */
export const samplePlane = (
  of: Component,
  map: SimilarityTransform,
  side: number,
  outside: number,
  out: Float32Array,
  scratch: Scratch,
): void => {
  let from = of
  let to = map
  while (Math.hypot(to.a, to.b) > coarsest && from.width > 1 && from.height > 1) {
    ;[from, to] = halve(from, to, side, scratch)
  }
  const last = side - 1
  for (let row = 0; row < side; row++) {
    const x = to.tx - to.b * row
    const y = to.ty + to.a * row
    // A row is a straight line: it lies inside when both its ends do.
    if (isInside(from, x, y) && isInside(from, x + to.a * last, y + to.b * last)) sampleInside(from, to, row, side, out)
    else sampleAcrossEdge(from, to, row, side, outside, out)
  }
}
