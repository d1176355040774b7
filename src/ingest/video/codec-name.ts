import type { VideoEncoding } from '../../types.ts'
import { rawBytes, splitNals } from '../capture/nal-units.ts'

/** GStreamer's names of the encodings that browsers or the viewer itself can decode. */
export const encodings: Readonly<Record<string, VideoEncoding>> = {
  'video/x-h264': 'h264',
  'video/x-h265': 'h265',
  'image/jpeg': 'jpeg',
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0')

/** RFC 6381, section 3.3: profile, constraints and level of the SPS. */
const avcName = (nals: readonly Uint8Array[]): string | null => {
  const sps = nals.find(([head]) => (head & 0x1f) === 7)
  return sps === undefined || sps.length < 4 ? null : `avc1.${hex(sps[1])}${hex(sps[2])}${hex(sps[3])}`
}

/** ISO/IEC 14496-15, annex E.3: profile, compatibility (bits reversed), tier and level, constraints without trailing zeros. */
const hevcName = (nals: readonly Uint8Array[]): string | null => {
  const nal = nals.find(([head]) => ((head >> 1) & 0x3f) === 33)
  const sps = nal && rawBytes(nal.subarray(0, 64))
  if (sps === undefined || sps.length < 15) return null
  // Behind the head of two bytes, and a byte with the layers: space, tier and profile; compatibility; constraints; level.
  const space = ['', 'A', 'B', 'C'][sps[3] >> 6]
  const tier = (sps[3] >> 5) & 1 ? 'H' : 'L'
  const flags = [...Array(32).keys()].reduce((sum, i) => sum + ((sps.readUInt32BE(4) >>> i) & 1) * 2 ** (31 - i), 0)
  const constraints = [...sps.subarray(8, 14)]
  while (constraints.at(-1) === 0) constraints.pop()
  const tail = constraints.map((byte) => `.${byte.toString(16).toUpperCase()}`).join('')
  return `hev1.${space}${sps[3] & 0x1f}.${flags.toString(16).toUpperCase()}.${tier}${sps[14]}${tail}`
}

/** The codec of a key unit, as WebCodecs names it; null when its parameter sets are missing. */
export const codecName = (encoding: VideoEncoding, data: Uint8Array): string | null => {
  if (encoding === 'jpeg') return 'jpeg'
  const nals = splitNals(data)
  return encoding === 'h264' ? avcName(nals) : hevcName(nals)
}
