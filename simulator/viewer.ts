import type { UnitPlan } from './loop-plan.ts'
import type { PacketSender } from './packet-sender.ts'
import type { Quirks } from './quirks.ts'
import { senderReport } from './rtcp.ts'
import { type RtpState, rtpTimestamp, writePackets } from './rtp.ts'

/** Counts over all clients that a camera has had. */
export interface Traffic {
  packets: number
  bytes: number
  /** RTP packets withheld by `lose()`. */
  lostPackets: number
  /** Pictures not sent because a client read too slowly. */
  droppedUnits: number
}

/** One client that plays a camera. */
export interface Viewer {
  readonly state: RtpState
  /** `mediaUs` is the picture's presentation time on the camera's timeline. */
  send(unit: UnitPlan, mediaUs: number): void
  /** Sends a sender report: the camera's clock at a media time. */
  report(unixMs: number, mediaUs: number): void
}

/**
 * Sends from the next key frame on. When the client's buffer is full, pictures are dropped up to the next key frame.
 */
export const createViewer = (
  state: RtpState,
  sender: PacketSender,
  traffic: Traffic,
  quirks: Pick<Quirks, 'clock' | 'rtp' | 'rtcp' | 'joinsAtS'> = {},
): Viewer => {
  const media = quirks.clock?.media ?? ((us: number) => us)
  const ntp = quirks.clock?.ntp ?? ((unixMs: number) => unixMs)
  const { rtcp = (report) => [senderReport(report)] } = quirks
  let needsKey = quirks.joinsAtS === undefined
  let beganUs: number | null = null
  /** Microseconds since PLAY. */
  const since = (mediaUs: number): number => mediaUs - (beganUs ??= mediaUs)
  const stamp = (mediaUs: number): number => {
    const us = since(mediaUs)
    return rtpTimestamp(state, mediaUs - us + media(us))
  }
  return {
    state,
    send: (unit, mediaUs) => {
      if (needsKey && !unit.key) return
      needsKey = sender.full()
      if (needsKey) {
        traffic.droppedUnits += 1
        return
      }
      const before = state.packets
      const { bytes, ends } = writePackets(state, unit.payloads, stamp(mediaUs), sender.rtpChannel, quirks.rtp)
      traffic.lostPackets += sender.rtp(bytes, ends)
      traffic.packets += state.packets - before
      traffic.bytes += bytes.length
    },
    report: (unixMs, mediaUs) => {
      const { ssrc, packets, octets } = state
      const wallMs = ntp(unixMs, since(mediaUs))
      const cname = 'camera@rollcall.invalid'
      const reports = rtcp({ ssrc, unixMs: wallMs, rtpTimestamp: stamp(mediaUs), packets, octets, cname })
      for (const report of reports) sender.rtcp(report)
    },
  }
}
