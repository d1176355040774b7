import { isRtcp } from './interleaved.ts'

/** How NAL units are cut into RTP packets: FU-A of H.264 (RFC 6184 5.8), FU of H.265 (RFC 7798 4.4.3). */
export type Fragmenting = 'h264' | 'h265'

/** What an RTP packet that holds a part of a NAL unit says of it. */
export interface Fragment {
  /** The interleaved packet, with its `$` head. */
  readonly packet: Buffer
  /** Where the headers of the fragment begin, behind that of RTP: those of the payload, then that of the fragment. */
  readonly headers: number
  /** Where its payload begins. */
  readonly payload: number
  readonly sequence: number
  /** The first of its NAL unit. */
  readonly starts: boolean
  /** The last of its NAL unit. */
  readonly ends: boolean
  /** The last packet of its picture. */
  readonly isMarked: boolean
}

/** `$`, channel, and two bytes for the length (RFC 2326 10.12). */
export const INTERLEAVED = 4
const RTP = 12
const START = 0x80
const END = 0x40

/** Bytes of the payload's header, and the type of payload that is a fragment. */
const kinds = { h264: { bytes: 1, type: 28 }, h265: { bytes: 2, type: 49 } } as const

export const isRtp = (packet: Buffer): boolean =>
  packet.length >= INTERLEAVED + RTP && packet[INTERLEAVED] >> 6 === 2 && !isRtcp(packet)

export const sequenceOf = (packet: Buffer): number => packet.readUInt16BE(INTERLEAVED + 2)

/** The fragment in an RTP packet; null for anything else, and for one that is empty or padded. */
export const fragmentOf = (packet: Buffer, kind: Fragmenting): Fragment | null => {
  const first = packet[INTERLEAVED]
  if ((first & 0x20) !== 0) return null
  const { bytes, type } = kinds[kind]
  const headers = headerEnd(packet, first)
  const payload = headers + bytes + 1
  if (payload >= packet.length || typeOf(packet[headers], kind) !== type) return null
  const flags = packet[payload - 1]
  return {
    packet,
    headers,
    payload,
    sequence: sequenceOf(packet),
    starts: (flags & START) !== 0,
    ends: (flags & END) !== 0,
    isMarked: (packet[INTERLEAVED + 1] & 0x80) !== 0,
  }
}

const typeOf = (first: number, kind: Fragmenting): number => (kind === 'h264' ? first & 0x1f : (first >> 1) & 0x3f)

/** Where the RTP header ends, with its sources and extension (RFC 3550 5.1, 5.3.1). */
const headerEnd = (packet: Buffer, first: number): number => {
  const fixed = INTERLEAVED + RTP + 4 * (first & 15)
  if ((first & 0x10) === 0) return fixed
  return packet.length < fixed + 4 ? packet.length : fixed + 4 + 4 * packet.readUInt16BE(fixed + 2)
}

/** Whether `next` is the part of the same NAL unit right behind `last`. */
export const isNext = (last: Fragment, next: Fragment): boolean => {
  const [a, b] = [last.packet, next.packet]
  return (
    !next.starts &&
    next.sequence === ((last.sequence + 1) & 0xffff) &&
    // Channel, payload type, time and source.
    a[1] === b[1] &&
    (a[INTERLEAVED + 1] & 0x7f) === (b[INTERLEAVED + 1] & 0x7f) &&
    a.compare(b, 8, 16, 8, 16) === 0 &&
    a.compare(b, next.headers, next.payload - 1, last.headers, last.payload - 1) === 0 &&
    (a[last.payload - 1] & 0x3f) === (b[next.payload - 1] & 0x3f)
  )
}

/** The headers of all these fragments as one packet: RTP's of the first, and the NAL unit's own when it is whole. */
export const joinedHeaders = (first: Fragment, last: Fragment, kind: Fragmenting): Buffer => {
  const isWhole = first.starts && last.ends
  const headers = Buffer.from(first.packet.subarray(0, first.payload))
  headers[INTERLEAVED + 1] |= last.packet[INTERLEAVED + 1] & 0x80
  const flags = first.payload - 1
  if (!isWhole) {
    headers[flags] |= last.packet[last.payload - 1] & END
    return headers
  }
  const at = first.headers
  if (kind === 'h264') headers[at] = (headers[at] & 0xe0) | (headers[flags] & 0x1f)
  else headers[at] = (headers[at] & 0x81) | ((headers[flags] & 0x3f) << 1)
  return headers.subarray(0, flags)
}
