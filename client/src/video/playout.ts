/** Times that differ by more from what was expected have jumped. */
const jumpMs = 2000
/** The fastest way of a unit is looked for within this time. */
const windowMs = 10_000
const bucketMs = 1000
/** Pictures are held back so long at least, and at most. */
const [leastMs, mostMs, firstMs] = [80, 900, 250]
/** Boxes come this much before their picture is due. */
const spareMs = 40
/** The delay is looked at so often, and made smaller by this much at most. */
const [reviewMs, stepMs] = [5000, 25]

/** When pictures are shown: by PTS, a fixed time after the fastest way that a unit has taken. Times are Unix milliseconds of the page. */
export interface Playout {
  /** A unit with this PTS came. */
  arrived(ptsUs: number, nowMs: number): void
  /** The boxes of the picture with this PTS came. */
  boxes(ptsUs: number, nowMs: number): void
  /** When the picture is to be shown. */
  dueMs(ptsUs: number): number
  readonly delayMs: number
}

/**
 * Begins with a delay of a quarter of a second, and adjusts it to how late boxes are: at once where it is too short, slowly
 * where it is too long. A jump of PTS, or of the clock, begins anew.
 */
export const createPlayout = (): Playout => {
  let delayMs = firstMs
  /** The least difference of arrival and PTS in each second, oldest first. */
  let buckets: { readonly atMs: number; leastMs: number }[] = []
  let lateness: number[] = []
  let reviewedAtMs = Number.NEGATIVE_INFINITY
  const base = (): number => Math.min(...buckets.map((bucket) => bucket.leastMs))

  const review = (nowMs: number): void => {
    if (lateness.length === 0) return
    const sorted = lateness.toSorted((a, b) => a - b)
    const needed = (sorted[Math.floor(sorted.length * 0.95)] ?? 0) + spareMs
    const wanted = Math.min(mostMs, Math.max(leastMs, needed))
    if (wanted > delayMs + 10 && lateness.length >= 5) delayMs = wanted
    else if (nowMs - reviewedAtMs > reviewMs) {
      reviewedAtMs = nowMs
      if (wanted < delayMs - stepMs) delayMs -= stepMs
    }
  }
  return {
    get delayMs() {
      return delayMs
    },
    arrived: (ptsUs, nowMs) => {
      const transitMs = nowMs - ptsUs / 1000
      if (buckets.length > 0 && Math.abs(transitMs - base()) > jumpMs) {
        buckets = []
        lateness = []
      }
      const last = buckets.at(-1)
      if (last === undefined || nowMs - last.atMs >= bucketMs) buckets.push({ atMs: nowMs, leastMs: transitMs })
      else last.leastMs = Math.min(last.leastMs, transitMs)
      while (buckets.length > 1 && nowMs - (buckets[0]?.atMs ?? 0) > windowMs) buckets.shift()
    },
    boxes: (ptsUs, nowMs) => {
      if (buckets.length === 0) return
      const lateMs = nowMs - ptsUs / 1000 - base()
      // Those of the group that came at once, or of before a jump.
      if (lateMs < 0 || lateMs > 2 * jumpMs) return
      lateness.push(lateMs)
      if (lateness.length > 60) lateness.shift()
      review(nowMs)
    },
    dueMs: (ptsUs) => (buckets.length === 0 ? Number.NEGATIVE_INFINITY : ptsUs / 1000 + base() + delayMs),
  }
}
