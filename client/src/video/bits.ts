/** Reads bits of a NAL unit, most significant first. Throws RangeError at its end. */
export const createBitReader = (bytes: Uint8Array) => {
  let at = 0
  const bit = (): number => {
    const byte = bytes[at >> 3]
    if (byte === undefined) throw new RangeError('the NAL unit ends too early')
    const value = (byte >> (7 - (at & 7))) & 1
    at++
    return value
  }
  const bits = (count: number): number => {
    let value = 0
    for (let i = 0; i < count; i++) value = value * 2 + bit()
    return value
  }
  /** Exponential Golomb code (ITU-T H.264, 9.1). */
  const ue = (): number => {
    let zeros = 0
    while (bit() === 0) if (++zeros > 32) throw new RangeError('no exponential Golomb code')
    return 2 ** zeros - 1 + bits(zeros)
  }
  const se = (): number => {
    const value = ue()
    return value % 2 === 0 ? -value / 2 : (value + 1) / 2
  }
  return { bit, bits, ue, se, at: () => at }
}

/** Writes bits, most significant first. */
export const createBitWriter = () => {
  const written: number[] = []
  const bits = (value: number, count: number): void => {
    for (let i = count - 1; i >= 0; i--) written.push(Math.floor(value / 2 ** i) % 2)
  }
  return {
    bits,
    ue: (value: number): void => {
      const length = Math.floor(Math.log2(value + 1))
      bits(0, length)
      bits(value + 1, length + 1)
    },
    /** The bytes, ended by a stop bit and zeros (ITU-T H.264, 7.3.2.11). */
    bytes: (): Uint8Array<ArrayBuffer> => {
      const all = [...written, 1]
      const bytes = new Uint8Array(Math.ceil(all.length / 8))
      all.forEach((value, i) => {
        bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (value << (7 - (i & 7)))
      })
      return bytes
    },
  }
}
