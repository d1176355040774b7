import type { RawPixels } from './raw-pixels.ts'
import { Refused } from './refused.ts'

const refuse = (what: string): never => {
  throw new Refused(what, 'convert it to JPEG or PNG')
}

/** Numbers of the header after the magic, comments skipped, and where the pixels begin. */
const headerOf = (bytes: Uint8Array, count: number): { numbers: readonly number[]; at: number } => {
  const text = Buffer.from(bytes.subarray(0, 4096)).toString('latin1')
  const numbers: number[] = []
  let at = 2
  while (numbers.length < count) {
    const [whole, digits] = /^(?:\s|#[^\n]*\n)*(\d{1,9})\s/.exec(text.slice(at)) ?? refuse('has a broken header')
    numbers.push(Number(digits))
    at += whole?.length ?? 0
  }
  return { numbers, at }
}

/** The size that a PGM or PPM file in binary form (P5, P6) says it has, before anything of it is unpacked. */
export const netpbmSize = (bytes: Uint8Array): { readonly width: number; readonly height: number } => {
  const { numbers } = headerOf(bytes, 2)
  return { width: numbers[0] as number, height: numbers[1] as number }
}

/** Pixels of a PGM or PPM file in binary form, 8 or 16 bit, scaled to 0–255. Throws `Refused`. */
export const readNetpbm = (bytes: Uint8Array): RawPixels => {
  const channels = bytes[1] === 0x35 ? 1 : 3
  const { numbers, at } = headerOf(bytes, 3)
  const [width = 0, height = 0, most = 0] = numbers
  if (most < 1 || most > 65_535) refuse(`has a broken header (largest value ${most})`)
  const size = most > 255 ? 2 : 1
  const count = width * height * channels
  if (bytes.length < at + count * size) refuse('breaks off')
  const data = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    const value =
      size === 1 ? (bytes[at + i] as number) : ((bytes[at + 2 * i] as number) << 8) | (bytes[at + 2 * i + 1] as number)
    data[i] = (value * 255) / most + 0.5
  }
  return { width, height, channels, data }
}
