import { describe, expect, it } from 'vitest'
import { type Loop, withDecodingTimes } from '../../simulator/loop.ts'
import { planLoop } from '../../simulator/loop-plan.ts'
import { createTimeline, type Timeline } from '../../simulator/timeline.ts'
import { annexB, nalOf, pps, sps, syntheticLoop } from './synthetic-loop.ts'

/** 25 fps in decoding order I0 P3 B1 B2, twice. */
const reordered = (): Loop => {
  const shown = [0, 3, 1, 2, 4, 7, 5, 6]
  const units = withDecodingTimes(
    shown.map((n, i) => ({
      data: i % 4 === 0 ? annexB(sps, pps, nalOf(0x65, 20)) : annexB(nalOf(0x41, 20)),
      ptsUs: n * 40_000,
      key: i % 4 === 0,
    })),
  )
  return { codec: 'h264', width: 320, height: 180, fps: 25, units }
}

/** Plays as the camera does, waking exactly when something is due. */
const play = (timeline: Timeline, pictures: number) =>
  Array.from({ length: pictures }, () => {
    const atUs = timeline.nextDueUs()
    const due = timeline.take(atUs)
    return { atUs, mediaUs: due?.mediaUs ?? Number.NaN, key: due?.unit.key }
  })

describe('createTimeline', () => {
  it('goes on over the end of the loop as if it had none', () => {
    const plan = planLoop(reordered())
    const timeline = createTimeline(plan)
    timeline.begin(plan, 1_000_000)
    const seen = play(timeline, 24)
    const steps = seen.slice(1).map((each, i) => Math.round(each.atUs - seen[i].atUs))
    expect(new Set(steps)).toEqual(new Set([40_000]))
    const shown = seen.map((each) => Math.round(each.mediaUs)).sort((a, b) => a - b)
    // In the order of showing: one picture every 40 ms, none twice, none missing.
    expect(shown.map((each) => each - shown[0])).toEqual(shown.map((_, i) => i * 40_000))
    expect(seen.every((each) => each.mediaUs <= each.atUs + 0.001)).toBe(true)
    expect([seen[0].key, seen[8].key, seen[16].key]).toEqual([true, true, true])
  })

  it('gives nothing before its time', () => {
    const plan = planLoop(syntheticLoop())
    const timeline = createTimeline(plan)
    timeline.begin(plan, 500)
    expect(timeline.take(499)).toBeNull()
    expect(timeline.take(500)?.mediaUs).toBe(500)
    expect(timeline.take(10_499)).toBeNull()
    expect(timeline.take(10_500)?.mediaUs).toBe(10_500)
  })

  it('after a freeze jumps by the time of the freeze, and never back', () => {
    const plan = planLoop(syntheticLoop())
    const timeline = createTimeline(plan)
    timeline.begin(plan, 0)
    play(timeline, 3)
    timeline.resume(700_000)
    expect(timeline.take(700_000)?.mediaUs).toBe(700_000)
    timeline.resume(700_001)
    expect(timeline.take(700_001)).toBeNull()
    expect(timeline.take(710_000)?.mediaUs).toBe(710_000)
  })

  it('goes from loop to loop without going back in time', () => {
    const first = planLoop(reordered())
    const second = planLoop(syntheticLoop({ fps: 50 }))
    for (let pictures = 1; pictures <= 8; pictures += 1) {
      const timeline = createTimeline(first)
      timeline.begin(first, 0)
      const before = play(timeline, pictures)
      timeline.begin(second, before[pictures - 1].atUs + 1)
      const after = play(timeline, 1)[0]
      expect(after.mediaUs).toBeGreaterThan(Math.max(...before.map((each) => each.mediaUs)))
      expect(after.key).toBe(true)
    }
  })

  it('does not send in a burst what it missed while suspended', () => {
    const plan = planLoop(syntheticLoop())
    const timeline = createTimeline(plan)
    timeline.begin(plan, 0)
    expect(timeline.take(0)?.mediaUs).toBe(0)
    expect(timeline.take(60_000_000)?.mediaUs).toBe(60_000_000)
    expect(timeline.take(60_000_000)).toBeNull()
  })

  it('remembers which picture was shown when, over loops, reordering and freezes', () => {
    const plan = planLoop(reordered())
    const timeline = createTimeline(plan)
    expect(timeline.loopUsAt(0)).toBeNull()
    timeline.begin(plan, 1_000_000)
    const check = (pictures: number) => {
      for (let i = 0; i < pictures; i++) {
        const due = timeline.take(timeline.nextDueUs())
        expect(timeline.loopUsAt(due?.mediaUs ?? 0)).toBeCloseTo(due?.unit.ptsUs ?? Number.NaN, 3)
      }
    }
    check(20)
    timeline.resume(timeline.nextDueUs() + 5_000_000)
    check(20)
  })
})
