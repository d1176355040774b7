import type { UnitPlan } from './loop-plan.ts'
import type { PacketSender } from './packet-sender.ts'
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
export const createViewer = (state: RtpState, sender: PacketSender, traffic: Traffic): Viewer => {
  let needsKey = true
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
      const { bytes, ends } = writePackets(state, unit.payloads, rtpTimestamp(state, mediaUs), sender.rtpChannel)
      traffic.lostPackets += sender.rtp(bytes, ends)
      traffic.packets += state.packets - before
      traffic.bytes += bytes.length
    },
    report: (unixMs, mediaUs) => {
      const { ssrc, packets, octets } = state
      sender.rtcp(
        senderReport({
          ssrc,
          unixMs,
          rtpTimestamp: rtpTimestamp(state, mediaUs),
          packets,
          octets,
          cname: 'camera@rollcall.invalid',
        }),
      )
    },
  }
}
