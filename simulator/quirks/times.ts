import type { ClockQuirks } from '../quirks.ts'

const hourUs = 3_600_000_000

/** RTP time stamps begin anew at zero after so many seconds: the encoder was started again. */
export const rtpReset = (afterS: number): ClockQuirks => ({
  media: (us) => (us < afterS * 1e6 ? us + hourUs : us - afterS * 1e6),
})

/** RTP time stamps jump by so many hours after so many seconds. */
export const rtpJump = (afterS: number, hours: number): ClockQuirks => ({
  // An hour later, so that nothing becomes negative.
  media: (us) => us + 2 * hourUs + (us < afterS * 1e6 ? 0 : hours * hourUs),
})

/** The camera's own clock, and the time stamps with it, jump by so many hours after so many seconds: it was set. */
export const clockJump = (afterS: number, hours: number): ClockQuirks => ({
  ntp: (unixMs, us) => unixMs + (us < afterS * 1e6 ? 0 : (hours * hourUs) / 1000),
})

/** The camera believes that it came up at this time: its battery is empty, or nobody has set it. */
export const clockFrom = (startedMs: number): ClockQuirks => ({
  ntp: (_, us) => startedMs + us / 1000,
})

/** The crystal of the camera is fast by this part: 0.001 is 0.1 %, ten times what is common. */
export const drifting = (part: number): ClockQuirks => ({
  media: (us) => us * (1 + part),
  ntp: (unixMs, us) => unixMs + (us / 1000) * part,
})
