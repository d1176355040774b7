import type { Clock, FrameStamp, MediaMs, WallMs } from '../types.ts'

/** The times that come with a decoded frame; see `NativeFrame`. */
export interface FrameTimes {
  /** Presentation time in nanoseconds; −1 when the stream has none. */
  readonly ptsNs: bigint
  /** When it was decoded: Unix milliseconds by this machine's clock, which may jump. */
  readonly arrivedAtMs: WallMs
  /** Unix milliseconds by the camera's own clock; null until the camera has sent it (RTCP sender reports). */
  readonly ntpAtMs: number | null
}

/** The times that a frame gets. */
export interface Stamp extends Pick<FrameStamp, 'ptsUs' | 'capturedAtMs' | 'clock'> {
  /** True when a new time line begins with this frame. It may be earlier than the old one, so it needs a new stream. */
  readonly restarts: boolean
}

/** The time line of one connection. */
export interface FrameClock {
  /** Gives the next frame, in decoding order, its times. `elapsedMs` is from a monotonic clock of any origin. */
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

interface Reading {
  readonly atMs: number
  readonly clock: Clock
}

/**
 * Chooses the clock of a frame: the camera's own when it has sent one that is within `maxErrorMs` of ours, otherwise
 * the moment of arrival. A camera's clock that was further off is used again within half of `maxErrorMs`.
 * `onImplausible` is called once, with the difference.
 */
const clockSource = (maxErrorMs: number, onImplausible: (differenceMs: number) => void) => {
  let wasSaid = false
  let isPlausible = true
  /** The camera's clock minus its PTS, from the last frame that had both. It stands for frames that have PTS only. */
  let offsetMs: number | null = null
  return {
    /** PTS began anew, so the offset means nothing any more. */
    forgetOffset: (): void => {
      offsetMs = null
    },
    read: (ptsUs: number, { arrivedAtMs, ntpAtMs }: FrameTimes): Reading => {
      if (ntpAtMs !== null && Number.isFinite(ntpAtMs)) offsetMs = ntpAtMs - ptsUs / 1000
      if (offsetMs === null) return { atMs: arrivedAtMs, clock: 'arrival' }
      const atMs = offsetMs + ptsUs / 1000
      isPlausible = Math.abs(atMs - arrivedAtMs) <= (isPlausible ? maxErrorMs : maxErrorMs / 2)
      if (isPlausible) return { atMs, clock: 'camera' }
      if (!wasSaid) onImplausible(atMs - arrivedAtMs)
      wasSaid = true
      return { atMs: arrivedAtMs, clock: 'arrival' }
    },
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
 *
 * So it is right again within 5 s after a jump, in either direction, of the camera's clock, of ours or of PTS.
 */
export const cameraClock = (maxErrorMs: number, onImplausible: (differenceMs: number) => void): FrameClock => {
  const source = clockSource(maxErrorMs, onImplausible)
  let last: { readonly ptsUs: number; readonly capturedAtMs: MediaMs; readonly elapsedMs: number } | null = null
  /** How far the clock is from the time line, and for how long it has been so. */
  let doubt: { readonly gapMs: number; readonly lastedMs: number } | null = null

  /** Milliseconds since the last frame: by PTS, which is smooth, or by the monotonic clock when PTS have jumped. */
  const step = (ptsUs: number, elapsedMs: number): number => {
    if (last === null) return 0
    const byPtsMs = (ptsUs - last.ptsUs) / 1000
    const byElapsedMs = elapsedMs - last.elapsedMs
    if (Math.abs(byPtsMs - byElapsedMs) <= JUMP_MS) return Math.max(1, byPtsMs)
    source.forgetOffset()
    return Math.max(1, byElapsedMs)
  }
  const isJump = (gapMs: number, stepMs: number): boolean => {
    if (Math.abs(gapMs) <= JUMP_MS) {
      doubt = null
      return false
    }
    const lastedMs = doubt !== null && Math.abs(gapMs - doubt.gapMs) <= JUMP_MS ? doubt.lastedMs + stepMs : 0
    doubt = { gapMs, lastedMs }
    return true
  }
  const isBelieved = (): boolean => doubt !== null && doubt.lastedMs >= DOUBT_MS

  return {
    stamp: (frame, elapsedMs) => {
      const unknownUs = last === null ? 0 : last.ptsUs + Math.max(1, elapsedMs - last.elapsedMs) * 1000
      const ptsUs = frame.ptsNs >= 0n ? Number(frame.ptsNs / 1000n) : Math.round(unknownUs)
      const stepMs = step(ptsUs, elapsedMs)
      const { atMs, clock } = source.read(ptsUs, frame)
      const stamp = (capturedAtMs: MediaMs, restarts: boolean): Stamp => {
        last = { ptsUs, capturedAtMs, elapsedMs }
        return { ptsUs, capturedAtMs, clock, restarts }
      }
      if (last === null) return stamp(atMs, false)
      const goesOnMs = last.capturedAtMs + stepMs
      if (!isJump(atMs - goesOnMs, stepMs)) return stamp(Math.max(atMs, goesOnMs - stepMs / 2), false)
      if (!isBelieved()) return stamp(goesOnMs, false)
      doubt = null
      return stamp(atMs, true)
    },
  }
}
