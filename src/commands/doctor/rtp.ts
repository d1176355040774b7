/** What the RTP packets of one video stream show (RFC 3550), over TCP. Times are Unix milliseconds. */
export interface RtpFound {
  readonly packets: number
  /** Bits of video a second; null before there were two pictures. */
  readonly bitsPerS: number | null
  /** Sequence numbers that never came. */
  readonly lost: number
  /** Packets that came after a later one, or twice. */
  readonly disordered: number
  /** Where the marker bit stands: at the end of a picture as it should, on every packet, on none, or inside pictures. */
  readonly marker: 'good' | 'every packet' | 'never' | 'inside pictures'
  /** The largest step of RTP time against the time of arrival, seconds; 0 when there was no jump. */
  readonly jumpS: number
  /** The newest 3600. */
  readonly reports: readonly SenderReport[]
  /** Reports that are cut off or not formed as they should be. */
  readonly badReports: number
  /** How much faster the RTP clock runs than ours; null when that cannot be told. */
  readonly drift: Drift | null
  /** Network abstraction layer units of a kind that should not be there: start codes inside packets. */
  readonly startCodes: number
  /** Whether fragments begin and end in one packet. */
  readonly wholeFragments: number
  /** Degrees clockwise by which the stream says that its pictures are to be turned; null when it says nothing. */
  readonly turnedBy: number | null
}

/** RTCP sender report (RFC 3550 6.4.1). */
export interface SenderReport {
  readonly arrivedAtMs: number
  /** The camera's wall clock. */
  readonly ntpAtMs: number
}

/** A rate of clocks against each other in parts per million, and how exact it is. */
export interface Drift {
  readonly ppm: number
  readonly exactPpm: number
}

const CLOCK_HZ = 90_000
const JUMP_S = 10
const NTP_TO_UNIX_S = 2_208_988_800
/** Of reports the newest are kept: one a second in the longest time that a camera is watched. */
const MOST_REPORTS = 3600
/** How late the quickest packet of a second may be, on a quiet machine. */
const JITTER_MS = 6

interface State {
  packets: number
  /** Of payload, from `firstAtMs` on. */
  bytes: number
  firstAtMs: number | null
  lost: number
  disordered: number
  lastSequence: number | null
  /** RTP time, extended beyond 32 bits. */
  lastTime: number | null
  lastAtMs: number
  lastMarked: boolean
  pictures: number
  markers: number
  inside: number
  jumpS: number
  startCodes: number
  wholeFragments: number
  turnedBy: number | null
}

/** Looks at interleaved packets (RFC 2326 10.12) as they come. Never throws. */
export const createRtpLook = () => {
  const state: State = {
    packets: 0,
    bytes: 0,
    firstAtMs: null,
    lost: 0,
    disordered: 0,
    lastSequence: null,
    lastTime: null,
    lastAtMs: 0,
    lastMarked: false,
    pictures: 0,
    markers: 0,
    inside: 0,
    jumpS: 0,
    startCodes: 0,
    wholeFragments: 0,
    turnedBy: null,
  }
  const reports: SenderReport[] = []
  let quickest = createQuickest()
  let badReports = 0
  return {
    /** Called at a new connection: its numbers and times have nothing to do with those before. */
    restart: (): void => {
      state.lastSequence = null
      state.lastTime = null
      quickest = createQuickest()
    },
    push: (bytes: Buffer, atMs: number): void => {
      for (let at = 0; at + 4 <= bytes.length; ) {
        const end = at + 4 + bytes.readUInt16BE(at + 2)
        const packet = bytes.subarray(at + 4, end)
        at = end
        // RFC 5761 4: these are the types of RTCP.
        if (packet.length >= 2 && packet[1] >= 192 && packet[1] <= 223) {
          const found = senderReports(packet, atMs)
          if (found === null) badReports++
          else {
            reports.push(...found)
            reports.splice(0, reports.length - MOST_REPORTS)
          }
        } else if (packet.length >= 12) noteRtp(state, packet, atMs, quickest)
      }
    },
    found: (): RtpFound | null => {
      const { packets, lost, disordered, jumpS, startCodes, wholeFragments, turnedBy } = state
      if (packets === 0) return null
      const drift = jumpS === 0 ? quickest.drift() : null
      return {
        packets,
        bitsPerS: rateOf(state),
        lost: Math.max(0, lost),
        disordered,
        marker: markerOf(state),
        jumpS,
        reports,
        badReports,
        drift,
        startCodes,
        wholeFragments,
        turnedBy,
      }
    },
  }
}

const rateOf = ({ bytes, firstAtMs, lastAtMs, pictures }: State): number | null =>
  firstAtMs === null || pictures < 3 || lastAtMs <= firstAtMs
    ? null
    : Math.round((8000 * bytes) / (lastAtMs - firstAtMs))

const markerOf = ({ packets, markers, pictures, inside }: State): RtpFound['marker'] => {
  if (markers === packets && packets > pictures + 1) return 'every packet'
  if (markers === 0 && pictures > 2) return 'never'
  return inside > 0 ? 'inside pictures' : 'good'
}

const noteRtp = (state: State, packet: Buffer, atMs: number, quickest: ReturnType<typeof createQuickest>): void => {
  state.packets++
  state.firstAtMs ??= atMs
  state.bytes += packet.length - 12
  const isMarked = (packet[1] & 0x80) !== 0
  if (isMarked) state.markers++
  if (!isNext(state, packet.readUInt16BE(2))) return
  const time = extended(packet.readUInt32BE(4), state.lastTime)
  if (state.lastTime === null || time !== state.lastTime) {
    state.pictures++
    if (state.lastTime !== null) {
      const step = (time - state.lastTime) / CLOCK_HZ - (atMs - state.lastAtMs) / 1000
      if (Math.abs(step) > JUMP_S && Math.abs(step) > Math.abs(state.jumpS)) state.jumpS = Math.round(step)
    }
    state.lastAtMs = atMs
    quickest.note(atMs, (time / CLOCK_HZ) * 1000)
  } else if (state.lastMarked) state.inside++
  state.lastTime = time
  state.lastMarked = isMarked
  noteUnit(state, payloadOf(packet))
}

/** What is behind the header: the fixed one, sources, and the extension that some cameras have (RFC 3550 5.1, 5.3.1). */
const payloadOf = (packet: Buffer): Buffer => {
  const at = 12 + 4 * (packet[0] & 0x0f)
  const hasExtension = (packet[0] & 0x10) !== 0 && packet.length >= at + 4
  return packet.subarray(hasExtension ? at + 4 + 4 * packet.readUInt16BE(at + 2) : at)
}

/** Counts gaps. False for a packet that came late, or again. */
const isNext = (state: State, sequence: number): boolean => {
  const step = state.lastSequence === null ? 1 : (sequence - state.lastSequence) & 0xffff
  if (step === 0 || step >= 0x8000) {
    state.disordered++
    if (step !== 0) state.lost--
    return false
  }
  state.lost += step - 1
  state.lastSequence = sequence
  return true
}

/** The 32 bits of RTP time nearest to the last one (RFC 3550 A.1). */
const extended = (time: number, last: number | null): number =>
  last === null ? time : last + ((time - (last % 2 ** 32)) | 0)

const noteUnit = (state: State, payload: Buffer): void => {
  if (payload.length < 5) return
  if (payload.readUInt32BE(0) === 1 || payload.readUIntBE(0, 3) === 1) state.startCodes++
  // Fragments: FU-A of H.264 (RFC 6184 5.8); FU of H.265 (RFC 7798 4.4.3).
  const head = (payload[0] & 0x1f) === 28 ? payload[1] : ((payload[0] >> 1) & 0x3f) === 49 ? payload[2] : 0
  if ((head & 0xc0) === 0xc0) state.wholeFragments++
  state.turnedBy = turnOf(payload) ?? state.turnedBy
}

/**
 * Degrees clockwise of a display orientation message (payload type 47 of an SEI: ITU-T H.264, D.1.27; H.265, D.2.17) that
 * comes first in its unit; null otherwise. Flips are not looked at.
 */
const turnOf = (payload: Buffer): number | null => {
  const at = payload[0] === 6 ? 1 : payload[0] === 39 << 1 ? 2 : null
  if (at === null || payload[at] !== 47 || payload.length < at + 5) return null
  const bits = payload.readUIntBE(at + 2, 3)
  const isCancelled = bits >> 23 === 1
  // Two flips, then 16 bits: 2^16 would be a whole turn to the left.
  const left = ((bits >> 5) & 0xffff) * (360 / 65_536)
  return isCancelled ? 0 : Math.round(360 - left) % 360
}

/** The sender reports of a compound RTCP packet; null when it is not well formed. */
const senderReports = (packet: Buffer, arrivedAtMs: number): readonly SenderReport[] | null => {
  const found: SenderReport[] = []
  for (let at = 0; at < packet.length; ) {
    if (packet.length - at < 4 || packet[at] >> 6 !== 2) return null
    const length = 4 * (packet.readUInt16BE(at + 2) + 1)
    if (at + length > packet.length) return null
    if (packet[at + 1] === 200 && length >= 28) {
      const seconds = packet.readUInt32BE(at + 8)
      const fraction = packet.readUInt32BE(at + 12) / 2 ** 32
      found.push({ arrivedAtMs, ntpAtMs: (seconds - NTP_TO_UNIX_S + fraction) * 1000 })
    }
    at += length
  }
  return found
}

/** The least delay of each second: what is left when the network's and the machine's delays are taken away. */
const createQuickest = () => {
  const seconds: { atMs: number; lagMs: number }[] = []
  let startMs: number | null = null
  return {
    note: (atMs: number, mediaMs: number): void => {
      startMs ??= atMs
      const index = Math.floor((atMs - startMs) / 1000)
      const lagMs = atMs - mediaMs
      const best = seconds[index]
      if (best === undefined || lagMs < best.lagMs) seconds[index] = { atMs, lagMs }
    },
    /** From the quickest of the first and of the last third; null before six seconds. */
    drift: (): Drift | null => {
      const all = seconds.filter((each) => each !== undefined)
      if (all.length < 6) return null
      const third = Math.floor(all.length / 3)
      const least = (some: typeof all) => some.reduce((a, b) => (b.lagMs < a.lagMs ? b : a))
      const [first, last] = [least(all.slice(0, third)), least(all.slice(-third))]
      const span = last.atMs - first.atMs
      return {
        ppm: Math.round((1e6 * (first.lagMs - last.lagMs)) / span),
        exactPpm: Math.round((1e6 * JITTER_MS) / span),
      }
    },
  }
}
