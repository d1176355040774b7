import type { FrameTimes } from '../clock.ts'
import { alikeMoments, type Shown, type Span } from './alike.ts'
import { arrivalLine } from './arrival-line.ts'
import { createOffsetFit, type OffsetFit } from './offset-fit.ts'
import type { Thumbnail } from './thumbnail.ts'

/** What tells when the small stream showed a picture of the big one. */
export type Basis = 'clock' | 'arrival'

/** When the small stream showed a picture of the big one, on the small one's time line. */
export interface Moment {
  readonly atMs: number
  /** The truth is at most this far from `atMs`. */
  readonly slackMs: number
  readonly basis: Basis
}

/** The two time lines of one camera's streams. */
export interface StreamMatch {
  /** Takes the times of the small stream's next frame and returns its place on the time line, milliseconds. */
  small(times: FrameTimes): number
  /** Takes the times of the big stream's next picture and returns when the small one showed it. */
  big(times: FrameTimes): Moment
  /** The moment again, with what has been learnt since. */
  refined(times: FrameTimes): Moment
  /**
   * Looks at the picture itself. Returns the span in which the small stream must have shown it; null when picture and clocks
   * contradict each other, or when the streams show different views. The difference is learnt either way.
   */
  confirm(times: FrameTimes, picture: Thumbnail, shown: readonly Shown[]): Span | null
  /** How many of the last pictures showed another view than the small stream. */
  readonly otherViews: number
  /** One of the streams began anew. */
  restart(which: 'small' | 'big'): void
}

/** Two streams of one camera are this far apart in time at most: the big one is encoded and sent more slowly. */
const MOST_APART_MS = 3000
/** One frame of 25 a second, and the rounding of NTP. */
const byClock = { offsetMs: 0, slackMs: 60 }
const byArrival = { offsetMs: 0, slackMs: 1500 }
/** Below it the pictures tell the moment well enough to learn from it. */
const DISTINCT_MS = 320
/** How far from what the clocks say the picture is looked for. */
const SEARCH_MS = 1500

/**
 * Matches a camera's two streams: by the camera's own clock when both carry it and it agrees with their arrival; otherwise by
 * arrival. Both are corrected by what the pictures themselves show, once two of them agree.
 */
export const createStreamMatch = (): StreamMatch => {
  let smallLine = arrivalLine()
  let bigLine = arrivalLine()
  let fits = newFits()
  /** The camera's clock minus the small stream's time line. */
  let clockMs: number | null = null
  let otherViews = 0

  const basisOf = ({ ntpAtMs }: FrameTimes, arrivedMs: number): { readonly basis: Basis; readonly atMs: number } => {
    const saidMs = ntpAtMs === null || clockMs === null ? null : ntpAtMs - clockMs
    if (saidMs === null || Math.abs(saidMs - arrivedMs) > MOST_APART_MS) return { basis: 'arrival', atMs: arrivedMs }
    return { basis: 'clock', atMs: saidMs }
  }
  const placed = new WeakMap<FrameTimes, number>()
  const refined = (times: FrameTimes): Moment => {
    const { basis, atMs } = basisOf(times, placed.get(times) ?? times.arrivedAtMs)
    const { offsetMs, slackMs } = fits[basis].offset()
    return { basis, atMs: atMs + offsetMs, slackMs }
  }
  return {
    small: (times) => {
      const atMs = smallLine(times)
      if (times.ntpAtMs !== null) clockMs = times.ntpAtMs - atMs
      return atMs
    },
    big: (times) => {
      placed.set(times, bigLine(times))
      return refined(times)
    },
    refined,
    confirm: (times, picture, shown) => {
      const moment = refined(times)
      const fromMs = moment.atMs - moment.slackMs
      const untilMs = moment.atMs + moment.slackMs
      const near = shown.filter(({ atMs }) => Math.abs(atMs - moment.atMs) <= SEARCH_MS)
      const alike = alikeMoments(picture, near)
      const [first, last] = [alike[0], alike.at(-1)]
      if (near.length === 0) return { fromMs, untilMs }
      if (first === undefined || last === undefined) {
        otherViews++
        return null
      }
      otherViews = 0
      if (last - first <= DISTINCT_MS) {
        const { atMs } = basisOf(times, placed.get(times) ?? times.arrivedAtMs)
        fits[moment.basis].add((first + last) / 2 - atMs)
      }
      const stepMs = stepOf(near)
      const inside = alike.filter((atMs) => atMs >= fromMs - stepMs && atMs <= untilMs + stepMs)
      if (inside.length === 0) return null
      return {
        fromMs: Math.max(fromMs, (inside[0] as number) - stepMs),
        untilMs: Math.min(untilMs, (inside.at(-1) as number) + stepMs),
      }
    },
    get otherViews() {
      return otherViews
    },
    restart: (which) => {
      if (which === 'small') {
        smallLine = arrivalLine()
        clockMs = null
      } else bigLine = arrivalLine()
      fits = newFits()
    },
  }
}

const newFits = (): Readonly<Record<Basis, OffsetFit>> => ({
  clock: createOffsetFit(byClock),
  arrival: createOffsetFit(byArrival),
})

/** The mean time between the moments, at most: the true one lies between two of them. */
const stepOf = (shown: readonly Shown[]): number => {
  const [first, last] = [shown[0], shown.at(-1)]
  return first && last && shown.length > 1 ? (last.atMs - first.atMs) / (shown.length - 1) : 0
}
