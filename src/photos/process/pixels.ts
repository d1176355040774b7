/** Interleaved RGB (u8), rows without padding. */
export interface Rgb {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** Y, U and V as full-range BT.601, chroma of each 2×2 pixels averaged: the sampling of JPEG. Planes without padding. */
export const toI420 = ({ width, height, data }: Rgb): readonly [Uint8Array, Uint8Array, Uint8Array] => {
  const y = new Uint8Array(width * height)
  for (let i = 0, p = 0; i < y.length; i++, p += 3)
    y[i] = (data[p] as number) * 0.299 + (data[p + 1] as number) * 0.587 + (data[p + 2] as number) * 0.114 + 0.5
  const [halfWidth, halfHeight] = [(width + 1) >> 1, (height + 1) >> 1]
  const u = new Uint8ClampedArray(halfWidth * halfHeight)
  const v = new Uint8ClampedArray(halfWidth * halfHeight)
  for (let row = 0, i = 0; row < halfHeight; row++) {
    const top = 2 * row * width
    const bottom = Math.min(2 * row + 1, height - 1) * width
    for (let column = 0; column < halfWidth; column++, i++) {
      const [left, right] = [2 * column, Math.min(2 * column + 1, width - 1)]
      const [a, b, c, d] = [3 * (top + left), 3 * (top + right), 3 * (bottom + left), 3 * (bottom + right)]
      const mean = (channel: number): number =>
        ((data[a + channel] as number) +
          (data[b + channel] as number) +
          (data[c + channel] as number) +
          (data[d + channel] as number)) /
        4
      const [red, green, blue] = [mean(0), mean(1), mean(2)]
      u[i] = 128 - 0.168736 * red - 0.331264 * green + 0.5 * blue
      v[i] = 128 + 0.5 * red - 0.418688 * green - 0.081312 * blue
    }
  }
  return [y, new Uint8Array(u.buffer), new Uint8Array(v.buffer)]
}

/** All of R, then all of G, then all of B. */
export const toPlanar = ({ width, height, data }: Rgb): Uint8Array => {
  const pixels = width * height
  const planar = new Uint8Array(3 * pixels)
  for (let i = 0, p = 0; i < pixels; i++, p += 3) {
    planar[i] = data[p] as number
    planar[pixels + i] = data[p + 1] as number
    planar[2 * pixels + i] = data[p + 2] as number
  }
  return planar
}

/**
 * Stretches video range, 16 black and 235 white, to 0–255, in place. The rounding is that of GStreamer's I420 to RGB
 * (video-orc.orc: a signed byte as a 16-bit fraction, times 298, its upper half).
 */
export const fromVideoRange = (data: Uint8Array): void => {
  for (let i = 0; i < data.length; i++) {
    const signed = (data[i] as number) - 128
    const stretched = ((signed * 256 + (signed & 255)) * 298) >> 16
    data[i] = Math.min(127, Math.max(-128, stretched)) + 128
  }
}
