import type { Clock, FrameStamp, MediaMs, WallMs } from '../types.ts'

/** The times that come with a decoded frame; see `NativeFrame`. */
export interface FrameTimes {
  /** Presentation time in nanoseconds; −1 when the stream has none. */
  readonly ptsNs: bigint
  /** When it was decoded: Unix milliseconds by this machine's clock, which may jump. */
  readonly arrivedAtMs: WallMs
  /** Unix milliseconds by the camera's own clock; null until the camera has sent it (RTCP sender reports). */
  readonly ntpAtMs: number | null
  /** As the camera sent it: 32 bits of 90,000 ticks a second; null or absent when the frame did not come by RTP. */
  readonly rtpTime?: number | null
}

/** The times that a frame gets. */
export interface Stamp extends Pick<FrameStamp, 'ptsUs' | 'capturedAtMs' | 'clock'> {
  /** True when a new time line begins with this frame. It may be earlier than the old one, so it needs a new stream. */
  readonly restarts: boolean
}

/** The time line of one connection. */
export interface FrameClock {
  /** Gives the next frame, in decoding order, its times. `elapsedMs` is when it was decoded, by a monotonic clock of any origin. */
  stamp(frame: FrameTimes, elapsedMs: number): Stamp
}

/** The assumed time between frames without a time stamp: 25 frames a second. */
const UNKNOWN_STEP_US = 40_000

/** Two clocks that differ by more have jumped apart. A smaller difference is made up slowly. */
const JUMP_MS = 2000

/** A jump is accepted when it has lasted for so long. One wrong report is ignored. */
const DOUBT_MS = 1000

/**
 * The time line of a recording: its first frame is at `startsAtMs`, Unix milliseconds. It does not depend on when the
 * recording is read. Where PTS jump back (the recorder started anew) the time line goes on.
 */
export const recordingClock = (startsAtMs: MediaMs): FrameClock => {
  let lastUs: number | null = null
  /** The PTS that stands for `startsAtMs`. */
  let zeroUs = 0
  return {
    stamp: ({ ptsNs }) => {
      const ptsUs = ptsNs >= 0n ? Number(ptsNs / 1000n) : lastUs === null ? 0 : lastUs + UNKNOWN_STEP_US
      if (lastUs === null) zeroUs = ptsUs
      else if (lastUs - ptsUs > JUMP_MS * 1000) zeroUs -= lastUs + UNKNOWN_STEP_US - ptsUs
      lastUs = ptsUs
      return { ptsUs, capturedAtMs: startsAtMs + (ptsUs - zeroUs) / 1000, clock: 'file', restarts: false }
    },
  }
}

/**
 * Milliseconds from one RTP time to another, also where they wrap around (RFC 3550, 5.1); null when one is unknown, and beyond
 * what frames are apart.
 */
const rtpStepMs = (from: number | null, to: number | null): number | null => {
  if (from === null || to === null) return null
  const stepMs = ((to - from) | 0) / 90
  return Math.abs(stepMs) <= JUMP_MS ? stepMs : null
}

interface Reading {
  readonly atMs: number
  readonly clock: Clock
}

/** `a` and `b`, milliseconds, differ by no more than clocks do that have not jumped. */
const agree = (a: number, b: number): boolean => Math.abs(a - b) <= JUMP_MS

/** Our clock minus the monotonic one. It changes only when our clock is set. */
const hostOffset = ({ arrivedAtMs }: FrameTimes, elapsedMs: number): number => arrivedAtMs - elapsedMs

/**
 * Chooses the clock of a frame: the camera's own when it has sent one that is within `maxErrorMs` of ours, otherwise
 * the moment of arrival. A camera's clock that was further off is used again within half of `maxErrorMs`. A frame may come
 * late by any time: a clock that was near enough stays so until it, PTS or our clock jumps.
 * `onImplausible` is called once, with the difference.
 */
const clockSource = (maxErrorMs: number, onImplausible: (differenceMs: number) => void) => {
  let wasSaid = false
  let isPlausible = true
  /** The camera's clock minus its PTS, from the last frame that had both. It stands for frames that have PTS only. */
  let offsetMs: number | null = null
  /** How the clocks stood when the camera's was near enough. */
  let trusted: { readonly offsetMs: number; readonly hostMs: number } | null = null
  const ofCamera = (ptsUs: number, ntpAtMs: number | null): number | null =>
    ntpAtMs !== null && Number.isFinite(ntpAtMs) ? ntpAtMs - ptsUs / 1000 : null
  return {
    /**
     * Whether the camera's clock goes on as PTS do. It is not believed when it is ahead of ours then: after a jump of PTS
     * it is told from the report before, until the next one.
     */
    confirms: (ptsUs: number, { ntpAtMs, arrivedAtMs }: FrameTimes): boolean => {
      const saidMs = ofCamera(ptsUs, ntpAtMs)
      const goesOn = saidMs !== null && offsetMs !== null && agree(saidMs, offsetMs)
      return goesOn && saidMs + ptsUs / 1000 <= arrivedAtMs + maxErrorMs
    },
    /** PTS began anew, so the offset means nothing any more. */
    forgetOffset: (): void => {
      offsetMs = null
      trusted = null
    },
    read: (ptsUs: number, frame: FrameTimes, elapsedMs: number): Reading => {
      const { arrivedAtMs, ntpAtMs } = frame
      offsetMs = ofCamera(ptsUs, ntpAtMs) ?? offsetMs
      if (offsetMs === null) return { atMs: arrivedAtMs, clock: 'arrival' }
      const [atMs, hostMs] = [offsetMs + ptsUs / 1000, hostOffset(frame, elapsedMs)]
      const isLate =
        trusted !== null && atMs < arrivedAtMs && agree(offsetMs, trusted.offsetMs) && agree(hostMs, trusted.hostMs)
      const isNear = Math.abs(atMs - arrivedAtMs) <= (isPlausible ? maxErrorMs : maxErrorMs / 2)
      isPlausible = isNear || isLate
      if (isNear) trusted = { offsetMs, hostMs }
      if (isPlausible) return { atMs, clock: 'camera' }
      trusted = null
      if (!wasSaid) onImplausible(atMs - arrivedAtMs)
      wasSaid = true
      return { atMs: arrivedAtMs, clock: 'arrival' }
    },
  }
}

/**
 * Tells PTS that jump from frames that come late: PTS go `back`, or `on`: a frame is more than 2 s earlier than the fastest
 * one so far. A busy machine or network delays frames by any time, and those that follow may catch up at once. Null: neither.
 */
const ptsJumps = () => {
  let last: { readonly ptsMs: number; readonly elapsedMs: number } | null = null
  /** The least delay so far, plus what the two clocks differ by. */
  let leastLagMs = Number.POSITIVE_INFINITY
  return (ptsUs: number, elapsedMs: number): 'back' | 'on' | null => {
    const ptsMs = ptsUs / 1000
    const lagMs = elapsedMs - ptsMs
    const isBack = last !== null && ptsMs < last.ptsMs && !agree(ptsMs - last.ptsMs, elapsedMs - last.elapsedMs)
    const isJump = isBack || lagMs < leastLagMs - JUMP_MS
    const isFirst = last === null
    leastLagMs = isJump ? lagMs : Math.min(leastLagMs, lagMs)
    last = { ptsMs, elapsedMs }
    if (!isJump || isFirst) return null
    return isBack ? 'back' : 'on'
  }
}

/**
 * The time line of a live camera, by its own clock or by arrival. `capturedAtMs` rises from frame to frame, unless it
 * restarts:
 *
 *   up to 2 s ahead of the clock         runs at half speed until they meet
 *   up to 2 s behind the clock           takes the clock's time
 *   further off, for less than 1 s       goes on by itself
 *   further off, for longer              restarts at the clock's time
 *   by arrival, and frames are late      takes the time of arrival, and is at most 2 s ahead of it
 *
 * So it is right again within 5 s after a jump, in either direction, of the camera's clock, of ours or of PTS. A frame that
 * comes late, however late, is no jump.
 */
export const cameraClock = (maxErrorMs: number, onImplausible: (differenceMs: number) => void): FrameClock => {
  const source = clockSource(maxErrorMs, onImplausible)
  const ptsJump = ptsJumps()
  let last: {
    readonly ptsUs: number
    readonly capturedAtMs: MediaMs
    readonly elapsedMs: number
    readonly rtpTime: number | null
  } | null = null
  /** How far the clock is from the time line, and for how long it has been so. */
  let doubt: { readonly gapMs: number; readonly lastedMs: number } | null = null
  /** The clock that the time line follows, and our clock's offset, when both met last. */
  let met: { readonly clock: Clock; readonly hostMs: number } | null = null

  /**
   * Milliseconds since the last frame: by its RTP time; by PTS where there is none; by the monotonic clock when PTS have jumped.
   * GStreamer's jitter buffer gives a packet that comes late its time of arrival for PTS, as pictures between others do (B
   * frames): PTS were wrong by up to 200 ms then.
   */
  const step = (ptsUs: number, frame: FrameTimes, elapsedMs: number): number => {
    const jump = ptsJump(ptsUs, elapsedMs)
    // A first frame that came late makes all that follow look early, but none is shown before the one before it.
    const hasJumped = jump === 'back' || (jump === 'on' && !source.confirms(ptsUs, frame))
    if (last === null) return 0
    if (!hasJumped) return Math.max(1, rtpStepMs(last.rtpTime, frame.rtpTime ?? null) ?? (ptsUs - last.ptsUs) / 1000)
    source.forgetOffset()
    return Math.max(1, elapsedMs - last.elapsedMs)
  }
  const isJump = (gapMs: number, stepMs: number): boolean => {
    if (Math.abs(gapMs) <= JUMP_MS) {
      doubt = null
      return false
    }
    const lastedMs = doubt !== null && agree(gapMs, doubt.gapMs) ? doubt.lastedMs + stepMs : 0
    doubt = { gapMs, lastedMs }
    return true
  }
  const isBelieved = (): boolean => doubt !== null && doubt.lastedMs >= DOUBT_MS

  return {
    stamp: (frame, elapsedMs) => {
      const unknownUs = last === null ? 0 : last.ptsUs + Math.max(1, elapsedMs - last.elapsedMs) * 1000
      const ptsUs = frame.ptsNs >= 0n ? Number(frame.ptsNs / 1000n) : Math.round(unknownUs)
      const stepMs = step(ptsUs, frame, elapsedMs)
      const { atMs, clock } = source.read(ptsUs, frame, elapsedMs)
      const hostMs = hostOffset(frame, elapsedMs)
      const stamp = (capturedAtMs: MediaMs, restarts: boolean): Stamp => {
        last = { ptsUs, capturedAtMs, elapsedMs, rtpTime: frame.rtpTime ?? null }
        return { ptsUs, capturedAtMs, clock, restarts }
      }
      const meet = (capturedAtMs: MediaMs, restarts: boolean): Stamp => {
        doubt = null
        met = { clock, hostMs }
        return stamp(capturedAtMs, restarts)
      }
      if (last === null) return meet(atMs, false)
      const beforeMs = last.capturedAtMs
      // Frames are told in whole milliseconds, and no two of them at the same.
      const halfMs = Math.max(1, stepMs / 2)
      if (clock === 'arrival' && met?.clock === 'arrival' && agree(hostMs, met.hostMs)) {
        const slowMs = Math.min(beforeMs + halfMs, Math.max(beforeMs + 1, atMs + JUMP_MS))
        return meet(Math.max(atMs, slowMs), false)
      }
      const goesOnMs = beforeMs + stepMs
      if (!isJump(atMs - goesOnMs, stepMs)) return meet(Math.max(atMs, beforeMs + halfMs), false)
      return isBelieved() ? meet(atMs, true) : stamp(goesOnMs, false)
    },
  }
}
