import type { NalCodec, TimedUnit } from './loop.ts'

/** The video stream of an MPEG transport stream. */
export interface TransportStream {
  readonly codec: NalCodec
  /** In decoding order, in Annex B form. `key` is the multiplexer's random access flag. */
  readonly units: readonly TimedUnit[]
}

const packetBytes = 188
const codecs: ReadonlyMap<number, NalCodec> = new Map([
  [0x1b, 'h264'],
  [0x24, 'h265'],
])

interface Packet {
  readonly pid: number
  readonly starts: boolean
  readonly randomAccess: boolean
  readonly payload: Buffer
}

/**
 * Reads a transport stream (ISO/IEC 13818-1) with one picture in each PES packet, as GStreamer's mpegtsmux writes it.
 * Null when it holds no H.264 or H.265. Throws an Error when it is damaged.
 */
export const readTransportStream = (bytes: Buffer): TransportStream | null => {
  let mapPid = -1
  let videoPid = -1
  let codec: NalCodec | undefined
  let open: { readonly parts: Buffer[]; readonly key: boolean } | null = null
  const units: TimedUnit[] = []
  const flush = () => {
    if (open !== null) units.push(readPes(Buffer.concat(open.parts), open.key))
    open = null
  }
  for (let at = 0; at + packetBytes <= bytes.length; at += packetBytes) {
    const packet = readPacket(bytes.subarray(at, at + packetBytes))
    if (packet.pid === 0 && packet.starts) mapPid = readProgramMapPid(section(packet.payload))
    else if (packet.pid === mapPid && packet.starts) {
      const video = readVideoStream(section(packet.payload))
      if (video !== null) [videoPid, codec] = video
    } else if (packet.pid === videoPid) {
      if (packet.starts) {
        flush()
        open = { parts: [], key: packet.randomAccess }
      }
      open?.parts.push(packet.payload)
    }
  }
  flush()
  return codec === undefined || units.length === 0 ? null : { codec, units }
}

/** 2.4.3.2: a header of four bytes, then an optional adaptation field whose second byte has the flags. */
const readPacket = (packet: Buffer): Packet => {
  if (packet[0] !== 0x47) throw new Error('a transport stream packet was expected to begin with 0x47')
  const control = (packet[3] >> 4) & 3
  const adaptationBytes = control & 2 ? 1 + packet[4] : 0
  return {
    pid: packet.readUInt16BE(1) & 0x1fff,
    starts: (packet[1] & 0x40) !== 0,
    randomAccess: adaptationBytes > 1 && (packet[5] & 0x40) !== 0,
    payload: control & 1 ? packet.subarray(4 + adaptationBytes) : packet.subarray(packetBytes),
  }
}

/** 2.4.4: the pointer field, then the section. Its last four bytes are a checksum. */
const section = (payload: Buffer): Buffer => {
  const from = 1 + payload[0]
  return payload.subarray(from, from + 3 + (payload.readUInt16BE(from + 1) & 0xfff) - 4)
}

const readProgramMapPid = (table: Buffer): number => {
  for (let at = 8; at + 4 <= table.length; at += 4) {
    if (table.readUInt16BE(at) !== 0) return table.readUInt16BE(at + 2) & 0x1fff
  }
  return -1
}

const readVideoStream = (table: Buffer): readonly [number, NalCodec] | null => {
  let at = 12 + (table.readUInt16BE(10) & 0xfff)
  while (at + 5 <= table.length) {
    const codec = codecs.get(table[at])
    if (codec !== undefined) return [table.readUInt16BE(at + 1) & 0x1fff, codec]
    at += 5 + (table.readUInt16BE(at + 3) & 0xfff)
  }
  return null
}

/** 2.4.3.6: the presentation time in ticks of 90 kHz, 33 bits in five bytes. */
const readPes = (pes: Buffer, key: boolean): TimedUnit => {
  if (pes.readUIntBE(0, 3) !== 1 || (pes[7] & 0x80) === 0) {
    throw new Error('a picture was expected to have a presentation time')
  }
  const high = (pes[9] >> 1) & 7
  const middle = pes.readUInt16BE(10) >> 1
  const low = pes.readUInt16BE(12) >> 1
  const ticks = high * 2 ** 30 + middle * 2 ** 15 + low
  return { data: pes.subarray(9 + pes[8]), ptsUs: Math.round((ticks * 100) / 9), key }
}
