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
