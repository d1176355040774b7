import type { CameraId, MediaMs } from '../types.ts'

/** The time of each camera, which goes on by ours while a camera says nothing. */
export const createClocks = () => {
  const clocks = new Map<CameraId, { mediaMs: MediaMs; heardMs: number | null }>()
  let elapsedMs: number | null = null
  return {
    heard: (camera: CameraId, mediaMs: MediaMs): void => {
      // Also when it goes back: a camera whose clock was ahead is believed again at once.
      clocks.set(camera, { mediaMs, heardMs: elapsedMs })
    },
    tick: (nowMs: number): void => {
      elapsedMs = nowMs
      for (const clock of clocks.values()) {
        if (clock.heardMs !== null) clock.mediaMs += Math.max(0, nowMs - clock.heardMs)
        clock.heardMs = nowMs
      }
    },
    /** A camera that has not been heard since the start has the time at which it was heard last. */
    of: (camera: CameraId, lastMs: MediaMs): MediaMs => {
      const clock = clocks.get(camera) ?? { mediaMs: lastMs, heardMs: elapsedMs }
      clocks.set(camera, clock)
      return clock.mediaMs
    },
  }
}
