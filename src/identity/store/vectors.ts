import { endianness } from 'node:os'

const isBigEndian = endianness() === 'BE'

const swapped = (bytes: Uint8Array): Uint8Array => (isBigEndian ? Buffer.from(bytes).swap32() : bytes)

/** f32, little-endian. A view of the same memory where that is how the machine has it. */
export const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  swapped(new Uint8Array(buffer, byteOffset, byteLength))

/** A copy: what SQLite hands out lies at any address. A length that is no multiple of four gives an empty one. */
export const floatsOf = (bytes: Uint8Array): Float32Array => {
  if (bytes.byteLength % 4 !== 0) return new Float32Array(0)
  return new Float32Array(swapped(bytes).slice().buffer)
}

const swappedHalves = (bytes: Uint8Array): Uint8Array => (isBigEndian ? Buffer.from(bytes).swap16() : bytes)

/** f16, little-endian: half the room, 11 bits of each number. */
export const halvesOf = (vector: Float32Array): Uint8Array =>
  swappedHalves(new Uint8Array(Float16Array.from(vector).buffer))

/** A length that is no multiple of two gives an empty one. */
export const floatsOfHalves = (bytes: Uint8Array): Float32Array => {
  if (bytes.byteLength % 2 !== 0) return new Float32Array(0)
  return Float32Array.from(new Float16Array(swappedHalves(bytes).slice().buffer))
}
