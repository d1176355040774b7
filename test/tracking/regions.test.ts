import { describe, expect, it, test } from 'vitest'
import { trackerOptions } from '../../src/tracking/options.ts'
import { createRegions, type ExpectedFace, facesAsExpected } from '../../src/tracking/regions.ts'
import { createTracker } from '../../src/tracking/tracker.ts'
import type { Detection } from '../../src/types.ts'
import { detectionAt, stampAt } from '../identity/support/faces.ts'

/** What is expected 40 ms after frames, 40 ms apart, that showed these faces. */
const expectedAfter = (...frames: readonly (readonly Detection[])[]): readonly ExpectedFace[] | null => {
  const tracker = createTracker(trackerOptions.parse({}), 'door')
  for (const [seq, faces] of frames.entries()) tracker.update(stampAt(40 * seq, seq), faces, false)
  return tracker.expected(40 * frames.length)
}

const xOf = (expected: readonly ExpectedFace[] | null) => expected?.map(({ box }) => Number(box.x.toFixed(3)))

describe('expectedFaces', () => {
  it('is null while nobody is seen', () => {
    expect(expectedAfter([])).toBeNull()
    expect(expectedAfter([detectionAt(0.3)], [detectionAt(0.3)], [])).toBeNull()
  })

  it('is null while nobody was seen before: after a cut there may be others', () => {
    expect(expectedAfter([detectionAt(0.3)])).toBeNull()
    expect(expectedAfter([detectionAt(0.3)], [detectionAt(0.3), detectionAt(0.7)])).toHaveLength(2)
  })

  it('is where each face should be by now', () => {
    const walk = Array.from({ length: 20 }, (_, i) => [detectionAt(0.1 + 0.01 * i), detectionAt(0.7)])
    expect(xOf(expectedAfter(...walk))).toEqual([0.3, 0.7])
  })

  it('keeps a face that was missed for a fifth of a second', () => {
    const both = [detectionAt(0.3), detectionAt(0.7)]
    const missing = (missed: number) =>
      expectedAfter(both, both, ...Array.from({ length: missed }, () => both.slice(1)))
    expect(missing(0)?.map(({ wasMissed }) => wasMissed)).toEqual([false, false])
    expect(missing(3)?.map(({ wasMissed }) => wasMissed)).toEqual([true, false])
    expect(missing(5)?.map(({ wasMissed }) => wasMissed)).toEqual([false])
  })
})

describe('facesAsExpected', () => {
  const at = (x: number, wasMissed = false): ExpectedFace => ({ box: detectionAt(x).box, wasMissed })

  it('gives the face of each part, best first', () => {
    const [a, b] = [detectionAt(0.31, 0.4, 0.1, 0.7), detectionAt(0.69, 0.4, 0.1, 0.9)]
    expect(facesAsExpected([at(0.3), at(0.7)], [[a], [b]])).toEqual([b, a])
  })

  it.each<readonly [string, readonly ExpectedFace[], readonly (readonly Detection[])[]]>([
    ['a face is missing', [at(0.3), at(0.7)], [[detectionAt(0.3)], []]],
    ['a face is not where it should be', [at(0.3)], [[detectionAt(0.35)]]],
    ['somebody else is there', [at(0.3)], [[detectionAt(0.3), detectionAt(0.45)]]],
    ['two tracks have the same face', [at(0.3), at(0.34)], [[detectionAt(0.32)], [detectionAt(0.32)]]],
  ])('is null when %s', (_, expected, found) => expect(facesAsExpected(expected, found)).toBeNull())

  it('does not need a face that the last frame did not show, and takes it', () => {
    const [a, b] = [detectionAt(0.3), detectionAt(0.7)]
    expect(facesAsExpected([at(0.3), at(0.7, true)], [[a], []])).toEqual([a])
    expect(facesAsExpected([at(0.3), at(0.7, true)], [[a], [b]])).toEqual([a, b])
  })

  it('takes a neighbour, also one that the part cuts off, for no stranger', () => {
    const [a, b, half] = [detectionAt(0.3), detectionAt(0.42), detectionAt(0.42, 0.4, 0.05)]
    expect(facesAsExpected([at(0.3), at(0.42)], [[a, half], [b]])).toEqual([a, b])
  })
})

/** The looks at the whole picture of frames at these times, while a face is expected. */
const wholeLooks = (frames: readonly Parameters<typeof stampAt>[]): readonly number[] => {
  const regions = createRegions({ expected: () => [] }, 250)
  return frames.flatMap((frame) => {
    const stamp = stampAt(...frame)
    if (regions.next(stamp) !== null) return []
    regions.sawWhole(stamp)
    return [stamp.capturedAtMs]
  })
}

test('the whole picture is looked at first, and again after wholeLookMs', () => {
  expect(wholeLooks(Array.from({ length: 16 }, (_, i) => [40 * i, i]))).toEqual([0, 280, 560])
})

test('it is looked at with a damaged frame, a new stream, and a clock that goes back', () => {
  expect(
    wholeLooks([
      [0, 0],
      [40, 1],
      [80, 2, { damaged: true }],
      [120, 3],
      [160, 4, { stream: 's2' }],
      [200, 5, { stream: 's2' }],
      [100, 6, { stream: 's2' }],
      [140, 7, { stream: 's2' }],
    ]),
  ).toEqual([0, 80, 160, 100])
})
