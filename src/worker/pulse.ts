import { BEAT_EVERY_MS } from '../ipc/messages.ts'

/** Measures how busy an event loop is. */
export interface Pulse {
  /** Called every `BEAT_EVERY_MS`: the longest time by which a call came late so far, milliseconds. */
  beat(): number
}

/** `nowMs` is a monotonic clock. A call that is late shows how long the event loop was busy with one thing. */
export const createPulse = (nowMs: () => number): Pulse => {
  let lastMs = nowMs()
  let longestMs = 0
  return {
    beat: () => {
      const now = nowMs()
      longestMs = Math.max(longestMs, Math.round(now - lastMs - BEAT_EVERY_MS))
      lastMs = now
      return longestMs
    },
  }
}
