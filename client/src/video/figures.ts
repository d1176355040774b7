import type { UnitStamp } from '../protocol.ts'
import type { ShownPicture, VideoFigures } from './types.ts'

/** Counts what a tile shows, for its read-out. */
export interface FigureCounter {
  shown(
    picture: ShownPicture & { readonly errorFrames: number; readonly clock: UnitStamp['clock'] },
    latencyMs: number,
    nowMs: number,
  ): void
  dropped(count: number): void
  /** The figures: drops and the error since the last call, rate and latency of the last three seconds. */
  take(nowMs: number, delayMs: number): VideoFigures
}

/** Long enough for a picture a second, short enough that a camera that is gone has no rate soon. */
const windowMs = 3000

const percentile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0

/** Counts from now on, `nowMs`. */
export const createFigureCounter = (nowMs: number): FigureCounter => {
  let [shown, dropped, errorFrames] = [0, 0, 0]
  let recent: { readonly atMs: number; readonly latencyMs: number }[] = []
  let last: ShownPicture | null = null
  let clock: UnitStamp['clock'] | null = null
  return {
    shown: (picture, latencyMs, atMs) => {
      const { errorFrames: error, clock: by, ...rest } = picture
      last = rest
      clock = by
      shown++
      errorFrames = Math.max(errorFrames, error)
      recent.push({ atMs, latencyMs })
    },
    dropped: (count) => {
      dropped += count
    },
    take: (now, delayMs) => {
      recent = recent.filter(({ atMs }) => now - atMs < windowMs)
      const sorted = recent.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b)
      const overMs = Math.min(windowMs, now - nowMs)
      const fps = overMs > 0 ? (1000 * recent.length) / overMs : 0
      const latencyMs =
        sorted.length === 0
          ? null
          : { p50: Math.round(percentile(sorted, 0.5)), p95: Math.round(percentile(sorted, 0.95)) }
      const figures = { fps, errorFrames, latencyMs, clock, delayMs: Math.round(delayMs), dropped, shown, last }
      errorFrames = 0
      return figures
    },
  }
}
