import { unit } from './vector.ts'

/** The largest absolute value of a number in a byte. */
const most = 127

/** A direction in one signed byte a dimension: the largest number of the vector becomes ±127. A zero vector stays zero. */
export const signedBytes = (vector: Float32Array): Int8Array => {
  let largest = 0
  for (const value of vector) largest = Math.max(largest, Math.abs(value))
  const scale = largest > 0 ? most / largest : 0
  return Int8Array.from(vector, (value) => Math.round(value * scale))
}

/** The unit vector of such bytes; null when they have no direction. */
export const unitOfBytes = (bytes: Int8Array): Float32Array | null => unit(bytes)
