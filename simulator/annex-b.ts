import type { NalCodec } from './loop.ts'

const startCode = Buffer.from([0, 0, 1])

/**
 * Splits an Annex B byte stream (H.264 and H.265, annex B of both) into NAL units without start codes. They are views,
 * not copies. Zero bytes before a start code belong to it, because a NAL unit never ends with one.
 */
export const splitNals = (data: Uint8Array): readonly Uint8Array[] => {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  const nals: Uint8Array[] = []
  let start = bytes.indexOf(startCode)
  while (start >= 0) {
    const next = bytes.indexOf(startCode, start + 3)
    let end = next < 0 ? bytes.length : next
    while (end > start + 3 && bytes[end - 1] === 0) end -= 1
    if (end > start + 3) nals.push(data.subarray(start + 3, end))
    start = next
  }
  return nals
}

/** The kinds of NAL unit that the server tells apart. `key` is a slice at which a decoder can start. */
export type NalKind = 'vps' | 'sps' | 'pps' | 'key' | 'delimiter' | 'other'

/** The kind of a NAL unit, by table 7-1 of H.264 and of H.265. */
export const nalKind = (codec: NalCodec, nal: Uint8Array): NalKind => {
  const first = nal[0] ?? 0
  if (codec === 'h264') {
    const type = first & 0x1f
    return type === 5 ? 'key' : type === 7 ? 'sps' : type === 8 ? 'pps' : type === 9 ? 'delimiter' : 'other'
  }
  const type = (first >> 1) & 0x3f
  if (type >= 16 && type <= 21) return 'key'
  return type === 32 ? 'vps' : type === 33 ? 'sps' : type === 34 ? 'pps' : type === 35 ? 'delimiter' : 'other'
}

/** What a decoder needs before the first picture. H.264 has no VPS. */
export interface ParameterSets {
  readonly vps: readonly Uint8Array[]
  readonly sps: readonly Uint8Array[]
  readonly pps: readonly Uint8Array[]
}

/** The parameter sets among these NAL units, each once: a parser may repeat those that the encoder wrote. */
export const parameterSets = (codec: NalCodec, nals: readonly Uint8Array[]): ParameterSets => {
  const of = (kind: NalKind) => {
    const all = nals.filter((nal) => nalKind(codec, nal) === kind)
    return all.filter((nal, i) => all.findIndex((other) => Buffer.compare(other, nal) === 0) === i)
  }
  return { vps: of('vps'), sps: of('sps'), pps: of('pps') }
}
