import type { Clock, FrameStamp } from '../types.ts'

/** The times of a decoded frame; see `NativeFrame`. */
export interface FrameTimes {
  readonly ptsNs: bigint
  readonly arrivedAtMs: number
  readonly ntpAtMs: number | null
}

export type Times = Pick<FrameStamp, 'ptsUs' | 'capturedAtMs' | 'clock'>

export interface FrameClock {
  stamp(frame: FrameTimes): Times
}

/** Assumed between frames without a time stamp: 25 frames a second. */
const UNKNOWN_STEP_US = 40_000

const createPts = () => {
  let lastUs: number | null = null
  return (ptsNs: bigint): number => {
    if (ptsNs >= 0n) lastUs = Number(ptsNs / 1000n)
    else lastUs = lastUs === null ? 0 : lastUs + UNKNOWN_STEP_US
    return lastUs
  }
}

/** The time line of a recording: its first frame is at `startsAtMs`. Nothing in it depends on when it is read. */
export const recordingClock = (startsAtMs: number): FrameClock => {
  const pts = createPts()
  let firstUs: number | null = null
  return {
    stamp: ({ ptsNs }) => {
      const ptsUs = pts(ptsNs)
      firstUs ??= ptsUs
      return { ptsUs, capturedAtMs: startsAtMs + (ptsUs - firstUs) / 1000, clock: 'file' }
    },
  }
}

/**
 * The time line of a camera: its own clock when it tells (with the first RTCP report, 12 to 32 frames late) and is near
 * ours, else the moment of arrival. `capturedAtMs` always rises: where the better clock is behind the worse one, time
 * runs at half speed until they meet. `onImplausible` is called once, with the difference.
 */
export const cameraClock = (maxErrorMs: number, onImplausible: (differenceMs: number) => void): FrameClock => {
  const pts = createPts()
  let said = false
  /** The camera's clock minus its PTS, from its last word: a frame without one in between is no reason to jump. */
  let offsetMs: number | null = null
  let last: { readonly ptsUs: number; readonly capturedAtMs: number } | null = null

  const measure = (ptsUs: number, { arrivedAtMs, ntpAtMs }: FrameTimes): { atMs: number; clock: Clock } => {
    if (ntpAtMs !== null) offsetMs = ntpAtMs - ptsUs / 1000
    if (offsetMs === null) return { atMs: arrivedAtMs, clock: 'arrival' }
    const atMs = offsetMs + ptsUs / 1000
    if (Math.abs(atMs - arrivedAtMs) <= maxErrorMs) return { atMs, clock: 'camera' }
    if (!said) onImplausible(atMs - arrivedAtMs)
    said = true
    return { atMs: arrivedAtMs, clock: 'arrival' }
  }

  return {
    stamp: (frame) => {
      const ptsUs = pts(frame.ptsNs)
      const { atMs, clock } = measure(ptsUs, frame)
      const stepMs = last === null ? 0 : Math.max(1, (ptsUs - last.ptsUs) / 1000)
      const capturedAtMs = last === null ? atMs : Math.max(atMs, last.capturedAtMs + stepMs / 2)
      last = { ptsUs, capturedAtMs }
      return { ptsUs, capturedAtMs, clock }
    },
  }
}
