import type { VideoLevel } from './types.ts'

/** Levels from most to least work for the browser. */
const levels = ['all', 'fewer', 'keys', 'stills'] as const

/** The browser is judged so often, or when so many pictures have come, if that is later; by fewer, never. */
const [windowMs, leastPictures, mostWindowMs] = [1000, 4, 10_000]
/** A picture that waited so long for the decoder is late. Less is a delay that shows, but the decoder keeps up. */
const lateFromMs = 300
/** More of the pictures than this may not be late. */
const mostLate = 0.25
/** So many bad windows more than good ones are no moment's trouble. */
const mostBad = 3
/** What was begun at the level before is not judged: for so long after a change. */
const settleMs = 2000
/** It must have been calm for so long before more is tried: twice as long each time that it was too much. */
const [calmMs, mostCalmMs] = [5000, 120_000]
/** More was too much if less is needed again within this time. */
const triedMs = 20_000

/** What the browser can show of the cameras of a page. Times are milliseconds of any clock. */
export interface Load {
  /** A picture was decoded this much later than it would have been without waiting for the decoder. */
  picture(lateMs: number, nowMs: number): void
  /** Units were left out, because decoding does not keep up. */
  overrun(count: number, nowMs: number): void
  /** Time passes, also where there are only stills, of which nothing is learnt: then more is tried again. */
  tick(nowMs: number): void
  readonly level: Exclude<VideoLevel, 'nothing'>
}

/** Counts pictures, and says of each full window which part of them was late. */
const createWindows = () => {
  let [begunAtMs, pictures, late] = [Number.NaN, 0, 0]
  const begin = (nowMs: number): void => {
    ;[begunAtMs, pictures, late] = [nowMs, 0, 0]
  }
  return {
    begin,
    count: (all: number, ofThemLate: number): void => {
      pictures += all
      late += ofThemLate
    },
    /** Null while the window is not full. */
    take: (nowMs: number): number | null => {
      if (Number.isNaN(begunAtMs)) begunAtMs = nowMs
      const lastsMs = nowMs - begunAtMs
      if (lastsMs < windowMs || (pictures < leastPictures && lastsMs < mostWindowMs)) return null
      const share = pictures < leastPictures ? 0 : late / pictures
      begin(nowMs)
      return share
    },
  }
}

/**
 * Begins with all, and goes down while pictures are late: fewer drawn, key pictures only, stills. All tiles share one, because
 * they share the processor. A busy second or two change nothing; after trouble that lasted, more is tried again after five
 * calm seconds.
 */
export const createLoad = (): Load => {
  const windows = createWindows()
  let [level, bad, calmNeededMs] = [0, 0, calmMs]
  let pictureAtMs = Number.NEGATIVE_INFINITY
  let [changedAtMs, raisedAtMs, troubleAtMs] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]

  /** Of stills nothing is learnt, and where key pictures are rare they are stills, too. */
  const learnsNothing = (nowMs: number): boolean =>
    levels[level] === 'stills' || (levels[level] === 'keys' && nowMs - pictureAtMs > mostWindowMs)

  const change = (step: 1 | -1, nowMs: number): void => {
    level += step
    bad = 0
    changedAtMs = nowMs
    troubleAtMs = nowMs
    windows.begin(nowMs)
    if (step < 0) raisedAtMs = nowMs
    else calmNeededMs = nowMs - raisedAtMs < triedMs ? Math.min(mostCalmMs, calmNeededMs * 2) : calmMs
  }
  const raise = (nowMs: number): void => {
    if (level > 0 && nowMs - troubleAtMs >= calmNeededMs) change(-1, nowMs)
  }
  const judge = (nowMs: number): void => {
    const lateShare = windows.take(nowMs)
    if (lateShare === null || nowMs - changedAtMs < settleMs) return
    const isBad = lateShare > mostLate
    bad = isBad ? bad + 1 : Math.max(0, bad - 1)
    if (isBad) troubleAtMs = nowMs
    if (bad < mostBad) raise(nowMs)
    else if (level < levels.length - 1) change(1, nowMs)
  }
  return {
    get level() {
      return levels[level] ?? 'stills'
    },
    picture: (lateMs, nowMs) => {
      pictureAtMs = nowMs
      windows.count(1, lateMs > lateFromMs ? 1 : 0)
      judge(nowMs)
    },
    overrun: (count, nowMs) => {
      windows.count(count, count)
      judge(nowMs)
    },
    tick: (nowMs) => {
      if (learnsNothing(nowMs)) raise(nowMs)
    },
  }
}
