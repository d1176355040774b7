import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Candidate } from '../../src/vision/candidate.ts'
import { overlap, suppress } from '../../src/vision/nms.ts'

const box = (left: number, top: number, right: number, bottom: number, score = 1): Candidate => ({
  score,
  left,
  top,
  right,
  bottom,
  points: Array.from({ length: 10 }, () => 0),
})

const anyBox = fc
  .record({
    left: fc.integer({ min: 0, max: 50 }),
    top: fc.integer({ min: 0, max: 50 }),
    width: fc.integer({ min: 1, max: 30 }),
    height: fc.integer({ min: 1, max: 30 }),
    score: fc.integer({ min: 0, max: 1000 }),
  })
  .map(({ left, top, width, height, score }) => box(left, top, left + width, top + height, score / 1000))

describe('overlap', () => {
  it('is intersection over union', () => {
    expect(overlap(box(0, 0, 10, 10), box(5, 0, 15, 10))).toBeCloseTo(50 / 150)
    expect(overlap(box(0, 0, 10, 10), box(2, 2, 4, 4))).toBeCloseTo(4 / 100)
    expect(overlap(box(0, 0, 10, 10), box(0, 0, 10, 10))).toBe(1)
  })

  it('is 0 for boxes that only touch', () => {
    expect(overlap(box(0, 0, 10, 10), box(10, 0, 20, 10))).toBe(0)
    expect(overlap(box(0, 0, 10, 10), box(20, 20, 30, 30))).toBe(0)
  })
})

describe('suppress', () => {
  it('keeps the best of each heap and what stands apart', () => {
    const best = box(0, 0, 10, 10, 0.9)
    const near = box(1, 0, 11, 10, 0.8)
    const apart = box(50, 50, 60, 60, 0.7)
    expect(suppress([apart, near, best], 0.4)).toEqual([best, apart])
  })

  it('lets a box live whose only rival was itself suppressed', () => {
    const chain = [box(0, 0, 10, 10, 0.9), box(4, 0, 14, 10, 0.8), box(8, 0, 18, 10, 0.7)]
    expect(suppress(chain, 0.4)).toEqual([chain[0], chain[2]])
  })

  it('keeps exactly the boxes that overlap no better kept one', () => {
    fc.assert(
      fc.property(
        fc.array(anyBox, { maxLength: 40 }),
        fc.double({ min: 0.1, max: 0.9, noNaN: true }),
        (boxes, limit) => {
          const kept = suppress(boxes, limit)
          for (const [i, a] of kept.entries())
            for (const b of kept.slice(i + 1)) {
              expect(overlap(a, b)).toBeLessThanOrEqual(limit)
              expect(a.score).toBeGreaterThanOrEqual(b.score)
            }
          for (const gone of boxes.filter((each) => !kept.includes(each)))
            expect(kept.some((better) => better.score >= gone.score && overlap(better, gone) > limit)).toBe(true)
        },
      ),
    )
  })

  it('bounds the work on noise', () => {
    const noise = Array.from({ length: 5000 }, (_, i) => box(20 * i, 0, 20 * i + 10, 10, i / 5000))
    const kept = suppress(noise, 0.4)
    expect(kept).toHaveLength(1000)
    expect(kept[0]?.score).toBe(4999 / 5000)
  })
})
