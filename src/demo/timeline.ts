import type { LoopPlan, UnitPlan } from './loop-plan.ts'

/** What is due at a moment, with its time on the camera's timeline. */
export interface Due {
  readonly unit: UnitPlan
  readonly mediaUs: number
}

/**
 * Where a camera is in its loop. Media time is microseconds since the camera came up and never jumps back: not at the
 * end of the loop, not after a freeze, not when the loop is changed. Pure: the caller says what time it is.
 */
export interface Timeline {
  /** Plays from the first picture of a loop, which is due at once. */
  begin(plan: LoopPlan, nowUs: number): void
  /** The next picture is due now, as after a freeze. */
  resume(nowUs: number): void
  /** Takes the next picture if its time has come. */
  take(nowUs: number): Due | null
  /** Microseconds of media time. */
  nextDueUs(): number
  /** Which microsecond of the loop was shown at `mediaUs`; null before the first picture, and for what is long past. */
  loopUsAt(mediaUs: number): number | null
}

/**
 * A camera whose process was suspended for longer than this goes on from here instead of sending all that it missed.
 */
const mostLateUs = 1_000_000

/** Jumps that are remembered; a score is told of a picture some passes later at most. */
const mostPasses = 8

export const createTimeline = (first: LoopPlan): Timeline => {
  let plan = first
  let index = 0
  /** Media time of the loop's zero in this pass. */
  let baseUs = 0
  let lastPtsUs = Number.NEGATIVE_INFINITY
  /** From which media time on the loop's zero was where, oldest first. */
  const passes: { fromUs: number; baseUs: number }[] = []
  const moveTo = (us: number): void => {
    baseUs = us
    passes.push({ fromUs: Math.max(lastPtsUs, us + plan.units[index].ptsUs - plan.frameUs / 2), baseUs: us })
    if (passes.length > mostPasses) passes.shift()
  }

  const nextDueUs = () => baseUs + plan.units[index].sendUs

  return {
    nextDueUs,
    begin: (next, nowUs) => {
      plan = next
      index = 0
      // Pictures already sent may lie a little ahead: the new ones come after them.
      moveTo(Math.max(nowUs - plan.units[0].sendUs, lastPtsUs + plan.frameUs - plan.firstPtsUs))
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
