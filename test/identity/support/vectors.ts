import { dot, unit } from '../../../src/math/vector.ts'

/** Every array of floats that can be reached from a value: through arrays, maps, sets and plain objects. */
export const vectorsIn = (value: unknown, found: ArrayLike<number>[] = [], seen = new Set<unknown>()) => {
  if (typeof value !== 'object' || value === null || seen.has(value)) return found
  seen.add(value)
  if (value instanceof Float32Array || value instanceof Float64Array) found.push(value)
  else if (value instanceof Map) for (const entry of value) vectorsIn(entry, found, seen)
  else if (value instanceof Set) for (const entry of value) vectorsIn(entry, found, seen)
  else for (const entry of Object.values(value)) vectorsIn(entry, found, seen)
  return found
}

/** Every text that can be reached from a value, keys of maps and objects too. */
export const textsIn = (value: unknown, found = new Set<string>(), seen = new Set<unknown>()): Set<string> => {
  if (typeof value === 'string') found.add(value)
  if (typeof value !== 'object' || value === null || seen.has(value) || ArrayBuffer.isView(value)) return found
  seen.add(value)
  if (value instanceof Map || value instanceof Set) for (const entry of value) textsIn(entry, found, seen)
  else for (const [key, entry] of Object.entries(value)) textsIn(entry, found.add(key), seen)
  return found
}

/** The cosine of the vector that is most like `wanted`; -1 for none. */
export const mostAlike = (vectors: readonly ArrayLike<number>[], wanted: ArrayLike<number>): number => {
  const direction = unit(wanted) as Float32Array
  const cosines = vectors.flatMap((vector) =>
    vector.length === wanted.length ? dot(unit(vector) ?? [], direction) : [],
  )
  return Math.max(-1, ...cosines)
}

/** The same for whatever could be a vector of f16, f32 or f64, little-endian, at any byte of a file. */
export const mostAlikeInBytes = (bytes: Uint8Array, wanted: ArrayLike<number>): number => {
  const direction = unit(wanted) as Float32Array
  let most = -1
  for (const FloatArray of [Float16Array, Float32Array, Float64Array]) {
    for (let shift = 0; shift < FloatArray.BYTES_PER_ELEMENT; shift++) {
      const length = Math.floor((bytes.byteLength - shift) / FloatArray.BYTES_PER_ELEMENT)
      if (length < direction.length) continue
      const floats = new FloatArray(length)
      new Uint8Array(floats.buffer).set(bytes.subarray(shift, shift + floats.byteLength))
      most = Math.max(most, mostAlikeWindow(floats, direction))
    }
  }
  return most
}

const mostAlikeWindow = (floats: Float16Array | Float32Array | Float64Array, direction: Float32Array): number => {
  let most = -1
  for (let from = 0; from + direction.length <= floats.length; from++) {
    let [along, squares] = [0, 0]
    for (let i = 0; i < direction.length; i++) {
      const value = floats[from + i] as number
      along += value * (direction[i] as number)
      squares += value * value
    }
    // Templates and exemplars are 0.001 to 1000 long: what is not is something else, read as floats.
    if (squares > 1e-6 && squares < 1e6) most = Math.max(most, along / Math.sqrt(squares))
  }
  return most
}
