import { expect, test } from 'vitest'
import { blurAt, boxesAt } from '../../client/src/elements/boxes-at.ts'

const face = (track: string, x: number, person: string | null = null) => ({
  track,
  person,
  box: { x, y: 0, width: 0.1, height: 0.1 },
})
const frames = [
  { capturedAtMs: 1000, faces: [face('a', 0.1), face('b', 0.5)] },
  { capturedAtMs: 1200, faces: [face('a', 0.3, 'p1')] },
  { capturedAtMs: 9000, faces: [face('c', 0.7)] },
]
const at = (atMs: number) => boxesAt(frames, atMs).map(({ track, box }) => `${track} ${box.x.toFixed(2)}`)

test('an analysed frame has exactly its own boxes', () => {
  expect(at(1000)).toEqual(['a 0.10', 'b 0.50'])
  expect(at(1205)).toEqual(['a 0.30'])
  expect(at(990)).toEqual(['a 0.10', 'b 0.50'])
})

test('between two of them a track that both have is interpolated, with the person that is known by then', () => {
  expect(at(1050)).toEqual(['a 0.15'])
  expect(boxesAt(frames, 1100)[0]?.person).toBe('p1')
})

test('nothing is invented across a long gap, before the first, and long after the last', () => {
  expect(at(1400)).toEqual(['a 0.30'])
  expect(at(5000)).toEqual([])
  expect(at(500)).toEqual([])
  expect(at(20_000)).toEqual([])
  expect(boxesAt([], 1000)).toEqual([])
})

test('what nobody may see is that of the frames on both sides, as far as they are near', () => {
  const [one, other] = [face('a', 0.1).box, face('b', 0.5).box]
  const blurred = [
    { capturedAtMs: 1000, faces: [], blur: [one] },
    { capturedAtMs: 1200, faces: [], blur: [other] },
    { capturedAtMs: 9000, faces: [] },
  ]
  const found = [900, 1100, 1200, 2000, 2500, 9000].map((atMs) => blurAt(blurred, atMs))
  expect(found).toEqual([[one], [one, other], [one, other], [other], [], []])
})
