import { nalKind } from '../annex-b.ts'
import type { NalCodec } from '../loop.ts'
import type { Picture } from '../quirks.ts'

/** Changes the NAL units of one picture, in decoding order, before they are packed. */
export type NalQuirk = (nals: readonly Uint8Array[], picture: Pick<Picture, 'codec'>) => readonly Uint8Array[]

const startCode = Uint8Array.of(0, 0, 0, 1)

/** Pictures without VPS, SPS and PPS: the camera sends them out of band only. */
export const withoutParameterSets: NalQuirk = (nals, { codec }) =>
  nals.filter((nal) => !['vps', 'sps', 'pps'].includes(nalKind(codec, nal)))

/**
 * All NAL units of a picture as one, with the start codes of Annex B between them, and with `leading` before the first
 * one too: the packer of the camera was given a byte stream.
 */
export const inAnnexB =
  ({ leading }: { readonly leading: boolean }): NalQuirk =>
  (nals) => {
    const parts = nals.flatMap((nal, i) => (i > 0 || leading ? [startCode, nal] : [nal]))
    return nals.length === 0 ? [] : [Buffer.concat(parts)]
  }

/** Zeros and rubbish behind each SPS, as an encoder leaves them that sends its whole buffer. */
export const bytesAfterSps =
  (...bytes: readonly number[]): NalQuirk =>
  (nals, { codec }) =>
    nals.map((nal) => (nalKind(codec, nal) === 'sps' ? Buffer.concat([nal, Uint8Array.from(bytes)]) : nal))

/** User data of no meaning (SEI payload type 5), `count` times before the slices of each picture. */
export const seiStorm =
  (count: number, bytes = 60): NalQuirk =>
  (nals, { codec }) => {
    const first = nals.findIndex((nal) => ['key', 'other'].includes(nalKind(codec, nal)))
    const at = first < 0 ? nals.length : first
    const storm = Array.from({ length: count }, () => userData(codec, bytes))
    return [...nals.slice(0, at), ...storm, ...nals.slice(at)]
  }

/** One SEI unit of user data: a UUID of 16 bytes, then text. No byte is zero, so nothing needs emulation prevention. */
const userData = (codec: NalCodec, bytes: number): Uint8Array => {
  const header = codec === 'h264' ? [6] : [39 << 1, 1]
  return Uint8Array.from([...header, 5, 16 + bytes, ...Array(16).fill(0x52), ...Array(bytes).fill(0x2e), 0x80])
}

/** Access unit delimiters before each picture, which RTP does not need. */
export const delimited: NalQuirk = (nals, { codec }) => [
  codec === 'h264' ? Uint8Array.of(9, 0xf0) : Uint8Array.of(35 << 1, 1, 0x50),
  ...nals,
]

/** A message before each picture that it is to be turned to the left by so many degrees (SEI payload type 47). */
export const turnedLeft =
  (degrees: 90 | 180 | 270): NalQuirk =>
  (nals, { codec }) => {
    // Three flags, 16 bits of angle, for this picture only (ue 0), no extension, and the end of a message.
    const bits = ((degrees / 360) * 65_536 * 32) | 0x14
    const header = codec === 'h264' ? [6] : [39 << 1, 1]
    const message = [47, 3, bits >> 16, (bits >> 8) & 255, bits & 255, 0x80]
    const first = nals.findIndex((nal) => ['key', 'other'].includes(nalKind(codec, nal)))
    return nals.toSpliced(first < 0 ? nals.length : first, 0, Uint8Array.from([...header, ...message]))
  }
