import { isRtcp, packetsOf } from './interleaved.ts'

/** Leaves out what an old session of the camera goes on sending into a new connection. */
export interface StalePackets {
  /** Notes packets that came before PLAY was answered: they are of no session of ours. */
  note(bytes: Buffer): void
  /** The packets without those of noted sources. */
  without(bytes: Buffer): Buffer
}

/**
 * Sources are told by their SSRC (RFC 3550 5.1): that of the first one is in the same place in RTP and RTCP. `bytes` are
 * whole interleaved packets, with their `$` heads.
 */
export const stalePackets = (): StalePackets => {
  const stale = new Set<number>()
  return {
    note: (bytes) => {
      for (const packet of packetsOf(bytes)) if (stale.size < 16) stale.add(sourceOf(packet))
      stale.delete(-1)
    },
    without: (bytes) => {
      if (stale.size === 0) return bytes
      return Buffer.concat(packetsOf(bytes).filter((packet) => !stale.has(sourceOf(packet))))
    },
  }
}

/** −1 for what is no RTP or RTCP. */
const sourceOf = (packet: Buffer): number => {
  if (packet.length < 12 || packet[4] >> 6 !== 2) return -1
  if (isRtcp(packet)) return packet.readUInt32BE(8)
  return packet.length < 16 ? -1 : packet.readUInt32BE(12)
}
