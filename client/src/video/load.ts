import type { VideoLevel } from './types.ts'

/** Levels from most to least work for the browser. */
const levels = ['all', 'fewer', 'keys', 'stills'] as const

/** The browser is looked at so often. */
const windowMs = 1000
/** More of the pictures than this may not come late. */
const [mostLate, mostLateByFar] = [0.25, 0.75]
/** It must have been calm for so long before more is tried; twice as long after each time that was too much. */
const [calmMs, mostCalmMs] = [15_000, 240_000]

/** What the browser can show of the cameras of a page. */
export interface Load {
  /** A picture was ready this much after it was due, milliseconds; negative when it was early. */
  picture(lateMs: number, nowMs: number): void
  /** A unit was left out, because decoding does not keep up. */
  overrun(count: number, nowMs: number): void
  /** Time passes, also where there are only stills, of which nothing is learnt: then key pictures are tried again. */
  tick(nowMs: number): void
  readonly level: Exclude<VideoLevel, 'nothing'>
}

/**
 * Begins with all, and goes down while pictures are late: fewer drawn, key pictures only, stills. All tiles share one, because
 * they share the processor.
 */
export const createLoad = (): Load => {
  let level = 0
  let [begunAtMs, pictures, late, overruns] = [Number.NaN, 0, 0, 0]
  let [changedAtMs, calmNeededMs] = [Number.NEGATIVE_INFINITY, calmMs]
  let badWindows = 0

  const judge = (nowMs: number): void => {
    if (Number.isNaN(begunAtMs)) begunAtMs = nowMs
    if (nowMs - begunAtMs < windowMs) return
    const all = pictures + overruns
    const lateShare = all < 4 ? 0 : (late + overruns) / all
    const isBad = lateShare > mostLate
    // Nearly all late is no moment's trouble.
    badWindows = isBad ? badWindows + (lateShare > mostLateByFar ? 2 : 1) : 0
    if (badWindows >= 2 && level < levels.length - 1) {
      // It had been tried, and was too much.
      if (nowMs - changedAtMs < calmNeededMs) calmNeededMs = Math.min(mostCalmMs, calmNeededMs * 2)
      level++
      badWindows = 0
      changedAtMs = nowMs
    } else if (!isBad && level > 0 && nowMs - changedAtMs > calmNeededMs) {
      level--
      changedAtMs = nowMs
    }
    ;[begunAtMs, pictures, late, overruns] = [nowMs, 0, 0, 0]
  }
  return {
    get level() {
      return levels[level] ?? 'stills'
    },
    picture: (lateMs, nowMs) => {
      pictures++
      if (lateMs > 150) late++
      judge(nowMs)
    },
    overrun: (count, nowMs) => {
      overruns += count
      judge(nowMs)
    },
    tick: (nowMs) => {
      if (levels[level] === 'stills' && nowMs - changedAtMs > calmNeededMs) judge(nowMs)
    },
  }
}
