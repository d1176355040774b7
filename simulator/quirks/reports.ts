import type { Quirks } from '../quirks.ts'
import { senderReport } from '../rtcp.ts'

/** Sends the report as a compound packet of sender report and source description (RFC 3550 6) with a fault. */
export type ReportQuirk = NonNullable<Quirks['rtcp']>

/** Where the source description begins: behind a sender report without reception blocks. */
const sdesAt = 28

/** Both parts name a sender of whom no RTP packet is. */
export const unknownSender: ReportQuirk = (report) => [
  senderReport({ ...report, ssrc: (report.ssrc ^ 0x5a5a5a5a) >>> 0 }),
]

/** The source description says that its item is longer than the packet. */
export const overlongSdes: ReportQuirk = (report) => {
  const packet = senderReport(report)
  packet.writeUInt8(255, sdesAt + 9)
  return [packet]
}

/** The source description ends before its length says. */
export const cutSdes: ReportQuirk = (report) => [senderReport(report).subarray(0, sdesAt + 8)]

/** Only the sender report: RFC 3550 6.1 wants a source description in each packet. */
export const withoutSdes: ReportQuirk = (report) => [senderReport(report).subarray(0, sdesAt)]
