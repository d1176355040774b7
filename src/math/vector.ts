/** Inner product of two vectors of one length. It is the cosine when both have unit length. */
export const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}

/** The vector scaled to unit length; null when it has no direction (zero, or not finite). */
export const unit = (vector: ArrayLike<number>): Float32Array | null => {
  const length = Math.sqrt(dot(vector, vector))
  if (!(length > 1e-9) || length === Infinity) return null
  const result = new Float32Array(vector.length)
  for (let i = 0; i < result.length; i++) result[i] = (vector[i] ?? 0) / length
  return result
}
