/** Bytes of one sketch: 256 bits, which are two rotations of a vector of 128 numbers. */
export const sketchBytes = 32

/** One of 2³² fixed patterns of bits (the finaliser of MurmurHash3, public domain). */
const mixed = (number: number): number => {
  let bits = Math.imul(number ^ (number >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}

/** Walsh–Hadamard transform in place; the length is a power of two. */
const transform = (values: Float64Array): void => {
  for (let half = 1; half < values.length; half *= 2)
    for (let start = 0; start < values.length; start += 2 * half)
      for (let i = start; i < start + half; i++) {
        const a = values[i] as number
        const b = values[i + half] as number
        values[i] = a + b
        values[i + half] = a - b
      }
}

/**
 * Makes a function that writes `count` sketches of a vector of `dimensions` numbers, one after the other. Each bit says on
 * which side of a fixed random plane the vector lies. The share of bits in which two sketches differ estimates the angle
 * between their vectors over π (Charikar 2002). The planes come from rotations by random signs and Hadamard transforms,
 * which take n log n steps instead of n² (Andoni et al. 2015, cross-polytope LSH).
 */
export const createSketcher = (
  dimensions: number,
  count: number,
): ((vector: ArrayLike<number>, into: Uint8Array) => void) => {
  const bits = 8 * sketchBytes * count
  const size = 2 ** Math.max(6, Math.ceil(Math.log2(dimensions)))
  const values = new Float64Array(size)
  const turns = Math.ceil(bits / size)
  const signs = Array.from({ length: 3 * turns }, (_, turn) =>
    Float64Array.from({ length: size }, (_, i) => (mixed(turn * size + i + 1) & 1 ? 1 : -1)),
  )
  return (vector, into) => {
    into.fill(0)
    for (let turn = 0, bit = 0; turn < turns; turn++) {
      values.fill(0)
      for (let i = 0; i < dimensions; i++) values[i] = vector[i] as number
      for (let round = 0; round < 3; round++) {
        const flips = signs[3 * turn + round] as Float64Array
        for (let i = 0; i < size; i++) values[i] = (values[i] as number) * (flips[i] as number)
        transform(values)
      }
      for (let i = 0; i < size && bit < bits; i++, bit++)
        if ((values[i] as number) > 0) into[bit >> 3] = (into[bit >> 3] as number) | (1 << (bit & 7))
    }
  }
}
