import type { Socket as UdpSocket } from 'node:dgram'
import type { Socket as TcpSocket } from 'node:net'
import { interleavedHeaderBytes } from './rtp.ts'
import type { PortPair } from './transport.ts'

/** Sends the packets of one client, over TCP or UDP. */
export interface PacketSender {
  /** The channel in the interleaved header of RTP packets. UDP ignores it. */
  readonly rtpChannel: number
  /** Whether the client is so slow that what is sent now would wait in memory. */
  full(): boolean
  /**
   * Sends packets behind interleaved headers, one after the other; `ends` are the offsets of their ends. Returns how
   * many were lost on purpose.
   */
  rtp(bytes: Buffer, ends: readonly number[]): number
  rtcp(packet: Buffer): void
  /** Nothing is sent any more. */
  close(): void
}

/** Whether an RTP packet is lost. */
export type Loses = (packet: Uint8Array) => boolean

/** Divides what `writePackets` wrote into packets, each behind its interleaved header, without those that are lost. */
const survivors = (bytes: Buffer, ends: readonly number[], loses: Loses): Buffer[] =>
  ends
    .map((end, i) => bytes.subarray(i === 0 ? 0 : ends[i - 1], end))
    .filter((packet) => !loses(packet.subarray(interleavedHeaderBytes)))

/**
 * Sends interleaved in an RTSP connection, `socket` of the moment. `loses` is asked for each packet: TCP loses nothing, but a camera whose
 * buffer overflows does.
 */
export const tcpSender = (
  socket: () => TcpSocket,
  channels: PortPair,
  maxBufferBytes: number,
  loses: Loses,
): PacketSender => ({
  rtpChannel: channels[0],
  full: () => socket().writableLength > maxBufferBytes,
  rtp: (bytes, ends) => {
    const left = survivors(bytes, ends, loses)
    socket().write(left.length === ends.length ? bytes : Buffer.concat(left))
    return ends.length - left.length
  },
  rtcp: (packet) => {
    if (socket().writableLength > maxBufferBytes) return
    const header = Buffer.from([0x24, channels[1], packet.length >> 8, packet.length & 0xff])
    socket().write(Buffer.concat([header, packet]))
  },
  close: () => {},
})

/** The server's UDP sockets, shared by all clients. */
export interface UdpPair {
  readonly rtp: UdpSocket
  readonly rtcp: UdpSocket
}

/**
 * Sends to a client's two UDP ports. `loses` is asked for each packet; a lost one is not sent, as if the network had
 * dropped it.
 */
export const udpSender = (sockets: UdpPair, address: string, ports: PortPair, loses: Loses): PacketSender => {
  // A packet that cannot be delivered (port closed, interface down) is a lost packet, as always with UDP.
  const ignore = () => undefined
  return {
    rtpChannel: 0,
    full: () => false,
    rtp: (bytes, ends) => {
      const left = survivors(bytes, ends, loses)
      for (const packet of left) sockets.rtp.send(packet.subarray(interleavedHeaderBytes), ports[0], address, ignore)
      return ends.length - left.length
    },
    rtcp: (packet) => sockets.rtcp.send(packet, ports[1], address, ignore),
    close: () => {},
  }
}
