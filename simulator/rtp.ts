import type { NalCodec } from './loop.ts'
import type { RtpQuirks } from './quirks.ts'

/** RTP clock ticks in a microsecond: RFC 6184 and RFC 7798 both use 90 kHz. */
const ticksPerUs = 0.09

/**
 * The most payload bytes in a packet: an Ethernet frame of 1500 without IPv6, UDP and RTP headers, with room for a
 * tunnel.
 */
export const maxPayloadBytes = 1400

/** One RTP payload as two views, so that a NAL unit is divided without copying. */
export interface Payload {
  /** Fragmentation header; empty for a whole NAL unit. */
  readonly prefix: Uint8Array
  readonly body: Uint8Array
}

const none = new Uint8Array(0)

/**
 * A single NAL unit packet (RFC 6184 5.6, RFC 7798 4.4.1), or fragmentation units (5.8, 4.4.3) when the NAL unit is too
 * long.
 */
export const payloadsOf = (
  codec: NalCodec,
  nal: Uint8Array,
  maxBytes: number = maxPayloadBytes,
): readonly Payload[] => {
  if (nal.length <= maxBytes) return [{ prefix: none, body: nal }]
  const headerBytes = codec === 'h264' ? 1 : 2
  const payloads: Payload[] = []
  const step = maxBytes - headerBytes - 1
  for (let at = headerBytes; at < nal.length; at += step) {
    const start = at === headerBytes
    const end = at + step >= nal.length
    payloads.push({ prefix: fragmentHeader(codec, nal, start, end), body: nal.subarray(at, at + step) })
  }
  return payloads
}

const fragmentHeader = (codec: NalCodec, nal: Uint8Array, start: boolean, end: boolean): Uint8Array => {
  const flags = (start ? 0x80 : 0) | (end ? 0x40 : 0)
  const first = nal[0]
  // FU-A is type 28 and keeps F and NRI; FU is type 49 and keeps F, layer and temporal ids.
  return codec === 'h264'
    ? Uint8Array.of((first & 0xe0) | 28, flags | (first & 0x1f))
    : Uint8Array.of((first & 0x81) | (49 << 1), nal[1], flags | ((first >> 1) & 0x3f))
}

/** The numbers of the next packet to one receiver. They start at random values (RFC 3550 5.1). */
export interface RtpState {
  readonly ssrc: number
  readonly timestampOffset: number
  /** Sequence number of the next packet, 16 bits. */
  sequence: number
  packets: number
  /** Payload bytes, headers not counted (RFC 3550 6.4.1). */
  octets: number
}

/** The 32-bit RTP time stamp of a media time in microseconds. */
export const rtpTimestamp = (state: Pick<RtpState, 'timestampOffset'>, mediaUs: number): number =>
  modulo32(state.timestampOffset + Math.round(mediaUs * ticksPerUs))

const modulo32 = (value: number): number => ((value % 2 ** 32) + 2 ** 32) % 2 ** 32

/** `$`, channel and length before each packet in an RTSP connection (RFC 2326 10.12). */
export const interleavedHeaderBytes = 4
/** The fixed RTP header, without CSRCs or extensions (RFC 3550 5.1). */
const rtpHeaderBytes = 12
/** The first dynamic payload type (RFC 3551 6). The session description maps it to the codec. */
export const payloadType = 96

const isLast = (i: number, count: number): boolean => i === count - 1

/**
 * Writes the packets of one picture into one buffer, each behind its interleaved header: TCP sends it in one call, UDP
 * sends parts of it. `ends` are the offsets of the packets' ends. The last packet carries the marker bit unless `quirks`
 * say otherwise.
 */
export const writePackets = (
  state: RtpState,
  payloads: readonly Payload[],
  timestamp: number,
  channel: number,
  quirks: Pick<RtpQuirks, 'marker' | 'payloadType'> = {},
): { readonly bytes: Buffer; readonly ends: readonly number[] } => {
  const headers = interleavedHeaderBytes + rtpHeaderBytes
  const size = payloads.reduce((sum, { prefix, body }) => sum + headers + prefix.length + body.length, 0)
  const bytes = Buffer.allocUnsafe(size)
  const ends: number[] = []
  const { marker = isLast, payloadType: type = payloadType } = quirks
  let at = 0
  payloads.forEach((payload, i) => {
    const { prefix, body } = payload
    const length = prefix.length + body.length
    bytes[at] = 0x24
    bytes[at + 1] = channel
    bytes.writeUInt16BE(rtpHeaderBytes + length, at + 2)
    bytes[at + 4] = 0x80
    bytes[at + 5] = type | (marker(i, payloads.length, payload) ? 0x80 : 0)
    bytes.writeUInt16BE(state.sequence, at + 6)
    bytes.writeUInt32BE(timestamp, at + 8)
    bytes.writeUInt32BE(state.ssrc, at + 12)
    bytes.set(prefix, at + headers)
    bytes.set(body, at + headers + prefix.length)
    at += headers + length
    ends.push(at)
    state.sequence = (state.sequence + 1) & 0xffff
    state.packets += 1
    state.octets += length
  })
  return { bytes, ends }
}
