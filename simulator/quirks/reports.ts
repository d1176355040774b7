/** Changes a compound RTCP packet of sender report and source description (RFC 3550 6). */
export type ReportQuirk = (packet: Buffer) => Buffer

/** Where the source description begins: behind a sender report without reception blocks. */
const sdesAt = 28

/** Both parts name a sender of whom no RTP packet is. */
export const unknownSender: ReportQuirk = (packet) => {
  const changed = Buffer.from(packet)
  for (const at of [4, sdesAt + 4]) changed.writeUInt32BE((packet.readUInt32BE(at) ^ 0x5a5a5a5a) >>> 0, at)
  return changed
}

/** The source description says that its item is longer than the packet. */
export const overlongSdes: ReportQuirk = (packet) => {
  const changed = Buffer.from(packet)
  changed.writeUInt8(255, sdesAt + 9)
  return changed
}

/** The source description ends before its length says. */
export const cutSdes: ReportQuirk = (packet) => Buffer.from(packet.subarray(0, sdesAt + 8))

/** Only the sender report: RFC 3550 6.1 wants a source description in each packet. */
export const withoutSdes: ReportQuirk = (packet) => Buffer.from(packet.subarray(0, sdesAt))
