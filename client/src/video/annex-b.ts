/** A NAL unit within an access unit: where it begins behind its start code, and where it ends. */
export interface Nal {
  readonly from: number
  readonly to: number
}

/** The NAL units of an access unit with start codes (ITU-T H.264, annex B). */
export const nalsOf = (data: Uint8Array): Nal[] => {
  const nals: { from: number; to: number }[] = []
  for (let i = 0; i + 2 < data.length; i++) {
    if (data[i] !== 0 || data[i + 1] !== 0 || data[i + 2] !== 1) continue
    const last = nals.at(-1)
    if (last) last.to = i
    nals.push({ from: i + 3, to: data.length })
    i += 2
  }
  for (const nal of nals) while (nal.to > nal.from && data[nal.to - 1] === 0) nal.to--
  return nals
}

/** Without the bytes that keep start codes out (`emulation_prevention_three_byte`). */
export const withoutPrevention = (nal: Uint8Array): Uint8Array =>
  nal.filter((byte, i) => !(byte === 3 && i >= 2 && nal[i - 1] === 0 && nal[i - 2] === 0))

/** With them. */
export const withPrevention = (raw: Uint8Array): Uint8Array<ArrayBuffer> => {
  const bytes: number[] = []
  let zeros = 0
  for (const byte of raw) {
    if (zeros >= 2 && byte <= 3) {
      bytes.push(3)
      zeros = 0
    }
    bytes.push(byte)
    zeros = byte === 0 ? zeros + 1 : 0
  }
  return Uint8Array.from(bytes)
}
