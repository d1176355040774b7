import { describe, expect, it, test } from 'vitest'
import { cellsAcross, cellsDown } from '../../src/tracking/movement.ts'
import { trackerOptions } from '../../src/tracking/options.ts'
import { createRegions, type ExpectedFace, facesAsExpected, facesAsWanted } from '../../src/tracking/regions.ts'
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
  it('is nobody where nobody is, and null while those who are cannot be seen', () => {
    expect(expectedAfter([])).toEqual([])
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

describe('facesAsWanted', () => {
  const expected: readonly ExpectedFace[] = [{ box: detectionAt(0.3).box, wasMissed: false }]

  it('is null when somebody else is where something has moved', () => {
    const [known, stranger] = [detectionAt(0.3), detectionAt(0.7)]
    expect(facesAsWanted({ expected }, [[known], []])).toEqual([known])
    expect(facesAsWanted({ expected }, [[known], [stranger]])).toBeNull()
    expect(facesAsWanted({ expected: [] }, [[stranger]])).toBeNull()
    expect(facesAsWanted({ expected: [] }, [])).toEqual([])
  })

  it('takes who is known for no stranger, also where something has moved beside them', () => {
    expect(facesAsWanted({ expected }, [[detectionAt(0.3)], [detectionAt(0.35, 0.4, 0.05)]])).toHaveLength(1)
  })
})

const still = new Float32Array(cellsAcross * cellsDown).fill(100)
/** Somebody stands where nobody stood: cells 40 to 43, in ten rows. */
const visited = still.map((level, i) =>
  i % cellsAcross >= 40 && i % cellsAcross < 44 && i < 10 * cellsAcross ? 200 : level,
)

type Scene = readonly [atMs: number, cells?: typeof still, more?: Parameters<typeof stampAt>[2]]

/** What is looked at of frames at these times, while these faces are expected: the whole, parts, or nothing. */
const looksAt = (frames: readonly Scene[], expected: readonly ExpectedFace[] | null, fps: number | null = null) => {
  const regions = createRegions({ expected: () => expected }, 250)
  regions.limit(fps)
  return frames.map(([atMs, cells = still, more = {}], seq) => {
    const stamp = stampAt(atMs, seq, more)
    const wanted = regions.next(stamp, cells)
    if (wanted === 'nothing') return 'nothing'
    regions.saw(
      stamp,
      wanted === 'whole' ? null : [...wanted.expected, ...wanted.moved.map((box) => ({ box }))].map(({ box }) => box),
    )
    return wanted === 'whole' ? 'whole' : `${wanted.expected.length} expected, ${wanted.moved.length} moved`
  })
}

const face: ExpectedFace = { box: detectionAt(0.1).box, wasMissed: false }
const times = (count: number, stepMs: number) => Array.from({ length: count }, (_, i): Scene => [stepMs * i])
const wholes = (looks: readonly string[]) => looks.flatMap((look, i) => (look === 'whole' ? [i] : []))

test('the whole picture is looked at first, and again after wholeLookMs', () => {
  expect(wholes(looksAt(times(16, 40), [face]))).toEqual([0, 7, 14])
})

test('what moves is looked at in every other picture where all are looked at, and in each where fewer are', () => {
  const moving = times(7, 40).map(
    ([atMs], i): Scene => [atMs, visited.map((level) => (level > 100 ? 100 + 20 * i : level))],
  )
  const moved = (looks: readonly string[]) => looks.flatMap((look, i) => (look.endsWith('1 moved') ? [i] : []))
  expect(moved(looksAt(moving, [face]))).toEqual([2, 4, 6])
  expect(moved(looksAt(moving, [face], 8))).toEqual([1, 2, 3, 4, 5, 6])
})

test('where nobody is and nothing moves, nothing is looked at, and the whole twenty times more seldom', () => {
  const looks = looksAt(times(20, 333), [])
  expect(wholes(looks)).toEqual([0, 16])
  expect(looks[1]).toBe('0 expected, 0 moved')
})

test('while everybody was lost from sight the whole picture is looked at', () => {
  expect(wholes(looksAt(times(4, 40), null))).toEqual([0, 1, 2, 3])
})

test('it is looked at with a damaged frame, a new stream, and a clock that goes back', () => {
  const other = { stream: 's2' }
  const scenes: readonly Scene[] = [
    [0],
    [40],
    [80, still, { damaged: true }],
    [120],
    [160, still, other],
    [200, still, other],
    [100, still, other],
    [140, still, other],
  ]
  expect(wholes(looksAt(scenes, [face]))).toEqual([0, 2, 4, 6])
})

test('what has changed is looked at once, until it changes again', () => {
  const looks = looksAt([[0], [80, visited], [160, visited], [240]], [face])
  expect(looks.slice(1)).toEqual(['1 expected, 1 moved', '1 expected, 0 moved', '1 expected, 1 moved'])
})

test('of frames between those of the rate, only those in which something has changed', () => {
  const scenes = times(10, 40).map(([atMs], i): Scene => [atMs, i >= 5 ? visited : still])
  expect(looksAt(scenes, [], 8)).toEqual([
    'whole',
    'nothing',
    'nothing',
    '0 expected, 0 moved',
    'nothing',
    '0 expected, 1 moved',
    'nothing',
    'nothing',
    '0 expected, 0 moved',
    'nothing',
  ])
})

test('a camera is stirred for a second after something has moved', () => {
  const regions = createRegions({ expected: () => [] }, 250)
  const after = (atMs: number, cells: typeof still) => {
    if (regions.next(stampAt(atMs, atMs), cells) === 'whole') regions.saw(stampAt(atMs, atMs), null)
    return regions.isStirred
  }
  after(0, still)
  expect([
    after(1200, still),
    after(1300, visited),
    after(1400, still),
    after(2290, still),
    after(2300, still),
  ]).toEqual([false, true, true, true, false])
})
