import { BEAT_EVERY_MS } from '../ipc/messages.ts'

/** Measures how busy an event loop is. */
export interface Pulse {
  /** Called every `BEAT_EVERY_MS`: the longest time by which a call came late so far, milliseconds. */
  beat(): number
  /** Forgets what was: loading a model takes long and says nothing about a batch. */
  reset(): void
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
    reset: () => {
      lastMs = nowMs()
      longestMs = 0
    },
  }
}
