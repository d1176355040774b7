import type { UnitStamp } from '../../../src/types.ts'
import type { ShownPicture, VideoFigures } from './types.ts'

/** Counts what a tile shows, for its read-out. */
export interface FigureCounter {
  shown(
    picture: ShownPicture & { readonly errorFrames: number; readonly clock: UnitStamp['clock'] },
    latencyMs: number,
  ): void
  dropped(count: number): void
  /** The figures since the last call. */
  take(nowMs: number, delayMs: number): VideoFigures
}

const percentile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0

/** Counts from now on, `nowMs`. */
export const createFigureCounter = (nowMs: number): FigureCounter => {
  let takenAtMs = nowMs
  let [shown, dropped, errorFrames] = [0, 0, 0]
  let latencies: number[] = []
  let last: ShownPicture | null = null
  let clock: UnitStamp['clock'] | null = null
  return {
    shown: (picture, latencyMs) => {
      const { errorFrames: error, clock: by, ...rest } = picture
      last = rest
      clock = by
      shown++
      errorFrames = Math.max(errorFrames, error)
      latencies.push(latencyMs)
    },
    dropped: (count) => {
      dropped += count
    },
    take: (now, delayMs) => {
      const sorted = latencies.toSorted((a, b) => a - b)
      const fps = now > takenAtMs ? (1000 * latencies.length) / (now - takenAtMs) : 0
      const latencyMs =
        sorted.length === 0
          ? null
          : { p50: Math.round(percentile(sorted, 0.5)), p95: Math.round(percentile(sorted, 0.95)) }
      const figures = { fps, errorFrames, latencyMs, clock, delayMs: Math.round(delayMs), dropped, shown, last }
      ;[takenAtMs, latencies, errorFrames] = [now, [], 0]
      return figures
    },
  }
}
