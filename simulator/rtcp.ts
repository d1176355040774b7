/** Seconds from the NTP epoch (1900) to the Unix epoch (1970), RFC 3550 appendix. */
const ntpToUnixSeconds = 2_208_988_800

/** The fields of an RTCP sender report, with the sender's name. */
export interface SenderReport {
  readonly ssrc: number
  /** The camera's own clock, Unix milliseconds with a fraction. */
  readonly unixMs: number
  /** The same instant on the RTP clock. */
  readonly rtpTimestamp: number
  readonly packets: number
  readonly octets: number
  readonly cname: string
}

/** A compound packet of sender report and CNAME. RFC 3550 6.1 asks for both; 6.4.1 and 6.5 define the fields. */
export const senderReport = (report: SenderReport): Buffer => {
  const cname = Buffer.from(report.cname, 'utf8').subarray(0, 255)
  // Item type, length, text and at least one zero byte, rounded up to a multiple of four.
  const chunkBytes = 4 + Math.ceil((2 + cname.length + 1) / 4) * 4
  const packet = Buffer.alloc(28 + 4 + chunkBytes)
  const seconds = Math.floor(report.unixMs / 1000)
  packet.writeUInt8(0x80, 0)
  packet.writeUInt8(200, 1)
  packet.writeUInt16BE(6, 2)
  packet.writeUInt32BE(report.ssrc, 4)
  packet.writeUInt32BE((seconds + ntpToUnixSeconds) % 2 ** 32, 8)
  packet.writeUInt32BE(Math.floor((report.unixMs / 1000 - seconds) * 2 ** 32), 12)
  packet.writeUInt32BE(report.rtpTimestamp, 16)
  packet.writeUInt32BE(report.packets % 2 ** 32, 20)
  packet.writeUInt32BE(report.octets % 2 ** 32, 24)
  packet.writeUInt8(0x81, 28)
  packet.writeUInt8(202, 29)
  packet.writeUInt16BE(chunkBytes / 4, 30)
  packet.writeUInt32BE(report.ssrc, 32)
  packet.writeUInt8(1, 36)
  packet.writeUInt8(cname.length, 37)
  packet.set(cname, 38)
  return packet
}
