import type { LoopPlan, UnitPlan } from './loop-plan.ts'

/** A picture that is due, with its presentation time on the camera's timeline, microseconds. */
export interface Due {
  readonly unit: UnitPlan
  readonly mediaUs: number
}

/**
 * Where a camera is in its loop. Media time is microseconds since the camera came up. It never jumps back: not at the
 * end of the loop, not after a freeze, not when the loop is changed. The caller says what time it is.
 */
export interface Timeline {
  /** Begins a loop with its picture number `from`, 0 unless given, which is due at once. */
  begin(plan: LoopPlan, nowUs: number, from?: number): void
  /** Goes on after a freeze: the next picture is due now. */
  resume(nowUs: number): void
  /** Takes the next picture, if it is due; null otherwise. */
  take(nowUs: number): Due | null
  /** When the next picture is due, microseconds of media time. */
  nextDueUs(): number
  /**
   * The time in the loop that was shown at `mediaUs`; null before the first picture, and for times that are long past.
   */
  loopUsAt(mediaUs: number): number | null
}

/** A camera whose process was suspended for longer than this goes on from now, and does not send what it missed. */
const mostLateUs = 1_000_000

/** The passes through the loop that are remembered. A picture is scored at most a few passes later. */
const mostPasses = 8

/** Begins at media time 0 with the first picture of `first`. */
export const createTimeline = (first: LoopPlan): Timeline => {
  let plan = first
  let index = 0
  /** The media time at which this pass through the loop began. */
  let baseUs = 0
  let lastPtsUs = Number.NEGATIVE_INFINITY
  /** The passes, oldest first: `baseUs` holds from `fromUs` on. */
  const passes: { fromUs: number; baseUs: number }[] = []
  const moveTo = (us: number): void => {
    baseUs = us
    passes.push({ fromUs: Math.max(lastPtsUs, us + plan.units[index].ptsUs - plan.frameUs / 2), baseUs: us })
    if (passes.length > mostPasses) passes.shift()
  }

  const nextDueUs = () => baseUs + plan.units[index].sendUs

  return {
    nextDueUs,
    begin: (next, nowUs, from = 0) => {
      plan = next
      index = from
      // The pictures sent last may be a little ahead of now. The new ones come after them.
      moveTo(Math.max(nowUs - plan.units[from].sendUs, lastPtsUs + plan.frameUs - plan.firstPtsUs))
    },
    resume: (nowUs) => {
      moveTo(baseUs + Math.max(0, nowUs - nextDueUs()))
    },
    take: (nowUs) => {
      const late = nowUs - nextDueUs()
      if (late < 0) return null
      if (late > mostLateUs) moveTo(baseUs + late)
      const unit = plan.units[index]
      const mediaUs = baseUs + unit.ptsUs
      lastPtsUs = Math.max(lastPtsUs, mediaUs)
      index += 1
      if (index === plan.units.length) {
        index = 0
        moveTo(baseUs + plan.durationUs)
      }
      return { unit, mediaUs }
    },
    loopUsAt: (mediaUs) => {
      const pass = passes.findLast(({ fromUs }) => fromUs <= mediaUs)
      return pass ? mediaUs - pass.baseUs : null
    },
  }
}
