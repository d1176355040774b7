/**
 * The times that a camera tells, from the true ones. Both are asked for each picture and each report; `mediaUs` counts
 * from when the camera came up.
 */
export interface TimeQuirk {
  /** The media time that goes into RTP time stamps, microseconds. */
  readonly rtpUs: (mediaUs: number) => number
  /** The camera's own clock in sender reports, Unix milliseconds. */
  readonly reportMs: (unixMs: number, mediaUs: number) => number
}

/** The times are told as they are. */
export const trueTimes: TimeQuirk = { rtpUs: (mediaUs) => mediaUs, reportMs: (unixMs) => unixMs }

const hourUs = 3_600_000_000

/** RTP time stamps begin anew at zero after so many seconds: the encoder was started again. */
export const rtpReset = (afterS: number): TimeQuirk => ({
  ...trueTimes,
  rtpUs: (mediaUs) => (mediaUs < afterS * 1e6 ? mediaUs + hourUs : mediaUs - afterS * 1e6),
})

/** RTP time stamps jump by so many hours after so many seconds. */
export const rtpJump = (afterS: number, hours: number): TimeQuirk => ({
  ...trueTimes,
  // An hour later, so that nothing becomes negative.
  rtpUs: (mediaUs) => mediaUs + 2 * hourUs + (mediaUs < afterS * 1e6 ? 0 : hours * hourUs),
})

/** The camera's own clock, and the time stamps with it, jump by so many hours after so many seconds: it was set. */
export const clockJump = (afterS: number, hours: number): TimeQuirk => ({
  ...trueTimes,
  reportMs: (unixMs, mediaUs) => unixMs + (mediaUs < afterS * 1e6 ? 0 : (hours * hourUs) / 1000),
})

/** The camera believes that it came up at this time: its battery is empty, or nobody has set it. */
export const clockFrom = (startedMs: number): TimeQuirk => ({
  ...trueTimes,
  reportMs: (_, mediaUs) => startedMs + mediaUs / 1000,
})

/** The crystal of the camera is fast by this part: 0.001 is 0.1 %, ten times what is common. */
export const drifting = (part: number): TimeQuirk => ({
  rtpUs: (mediaUs) => mediaUs * (1 + part),
  reportMs: (unixMs, mediaUs) => unixMs + (mediaUs / 1000) * part,
})
