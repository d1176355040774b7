import type { RawPixels } from './raw-pixels.ts'
import { Refused } from './refused.ts'

const refuse = (what: string): never => {
  throw new Refused(what, 'convert it to JPEG or PNG')
}

const viewOf = (bytes: Uint8Array): DataView => {
  if (bytes.length < 54) refuse('breaks off')
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** The size in the header. A negative height means rows from the top. */
export const bmpSize = (bytes: Uint8Array): { readonly width: number; readonly height: number } => {
  const view = viewOf(bytes)
  if (view.getUint32(14, true) < 40) refuse('is BMP of OS/2')
  return { width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) }
}

/** RGB of a Windows bitmap with 1, 4 or 8 bits and a palette, or with 24 or 32 bits, uncompressed. Throws `Refused`. */
export const readBmp = (bytes: Uint8Array): RawPixels => {
  const view = viewOf(bytes)
  const { width, height } = bmpSize(bytes)
  const [at, header] = [view.getUint32(10, true), view.getUint32(14, true)]
  const fromTop = view.getInt32(22, true) < 0
  const [bits, compression] = [view.getUint16(28, true), view.getUint32(30, true)]
  const isUsual = compression === 0 || (compression === 3 && bits === 32)
  if (!isUsual || ![1, 4, 8, 24, 32].includes(bits))
    refuse(`is BMP of a kind that is not read (${bits} bits, compression ${compression})`)
  const stride = Math.floor((bits * width + 31) / 32) * 4
  if (bytes.length < at + stride * height) refuse('breaks off')
  const data = new Uint8Array(3 * width * height)
  for (let row = 0, to = 0; row < height; row++) {
    const line = at + stride * (fromTop ? row : height - 1 - row)
    for (let column = 0; column < width; column++, to += 3) {
      const bit = column * bits
      const packed = (bytes[line + (bit >> 3)] as number) >> (8 - bits - (bit & 7))
      const from = bits >= 24 ? line + (bit >> 3) : 14 + header + 4 * (packed & ((1 << bits) - 1))
      data[to] = bytes[from + 2] ?? 0
      data[to + 1] = bytes[from + 1] ?? 0
      data[to + 2] = bytes[from] ?? 0
    }
  }
  return { width, height, channels: 3, data }
}
