/** Divides whole interleaved packets; each keeps its `$` head of four bytes (RFC 2326 10.12). */
export const packetsOf = (bytes: Buffer): readonly Buffer[] => {
  const packets: Buffer[] = []
  for (let at = 0; at + 4 <= bytes.length; ) {
    const end = at + 4 + bytes.readUInt16BE(at + 2)
    packets.push(bytes.subarray(at, end))
    at = end
  }
  return packets
}

/** Whether an interleaved packet, with its head, is RTCP and not RTP (RFC 5761 4). */
export const isRtcp = (packet: Buffer): boolean => packet[5] >= 192 && packet[5] <= 223

/** Whether there is RTP among whole interleaved packets: pictures, not only reports. */
export const holdsRtp = (bytes: Buffer): boolean =>
  packetsOf(bytes).some((packet) => packet.length >= 16 && packet[4] >> 6 === 2 && !isRtcp(packet))
