/** The network abstraction layer units of an Annex B byte stream (ITU-T H.264 and H.265, annex B), without start codes. */
export const splitNals = (data: Uint8Array): readonly Uint8Array[] => {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  const starts: { readonly code: number; readonly nal: number }[] = []
  for (let at = bytes.indexOf(startCode); at >= 0; at = bytes.indexOf(startCode, at + 3))
    starts.push({ code: at, nal: at + 3 })
  return starts.flatMap(({ nal }, i) => {
    let end = starts[i + 1]?.code ?? bytes.length
    // A fourth byte of a start code, and trailing zeros, belong to no unit.
    while (end > nal && bytes[end - 1] === 0) end--
    return end > nal ? [bytes.subarray(nal, end)] : []
  })
}

const startCode = Buffer.from([0, 0, 1])

/** The units of one access unit with their lengths in front, four bytes each (ISO/IEC 14496-15). */
export const withLengths = (nals: readonly Uint8Array[]): Buffer =>
  Buffer.concat(
    nals.flatMap((nal) => {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(nal.length)
      return [length, nal]
    }),
  )

/** A unit without the bytes that keep start codes out of it (H.265 7.3.1.1, `emulation_prevention_three_byte`). */
export const rawBytes = (nal: Uint8Array): Buffer => {
  const kept: number[] = []
  for (const [i, byte] of nal.entries()) {
    const isPrevention = byte === 3 && nal[i - 1] === 0 && nal[i - 2] === 0 && i >= 2
    if (!isPrevention) kept.push(byte)
  }
  return Buffer.from(kept)
}
