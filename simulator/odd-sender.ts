import type { PacketSender } from './packet-sender.ts'
import type { Packet } from './quirks.ts'
import { interleavedHeaderBytes } from './rtp.ts'

/**
 * A sender whose packets are changed on their way. Delayed ones are sent by timers, which `close` ends.
 */
export const oddSender = (
  sender: PacketSender,
  change: (packets: readonly Packet[]) => readonly Packet[],
): PacketSender => {
  const timers = new Set<NodeJS.Timeout>()
  const later = (packet: Packet): void => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      sendAll(sender, [packet])
    }, packet.afterMs)
    timers.add(timer)
  }
  return {
    rtpChannel: sender.rtpChannel,
    full: () => sender.full(),
    rtp: (bytes, ends) => {
      const sent = change(divide(bytes, ends))
      const lost = sendAll(
        sender,
        sent.filter(({ afterMs = 0 }) => afterMs <= 0),
      )
      for (const packet of sent) if (packet.afterMs !== undefined && packet.afterMs > 0) later(packet)
      return lost
    },
    rtcp: (packet) => sender.rtcp(packet),
    close: () => {
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
      sender.close()
    },
  }
}

const divide = (bytes: Buffer, ends: readonly number[]): readonly Packet[] =>
  ends.map((end, i) => {
    const start = i === 0 ? 0 : ends[i - 1]
    return { channel: bytes[start + 1], bytes: bytes.subarray(start + interleavedHeaderBytes, end) }
  })

const sendAll = (sender: PacketSender, packets: readonly Packet[]): number => {
  if (packets.length === 0) return 0
  const framed = packets.map(({ channel, bytes }) =>
    Buffer.concat([Buffer.from([0x24, channel, bytes.length >> 8, bytes.length & 0xff]), bytes]),
  )
  let at = 0
  const ends = framed.map(({ length }) => (at += length))
  return sender.rtp(Buffer.concat(framed), ends)
}
