import { expect, test } from 'vitest'
import { axisFrom, piecesOf } from '../../viewer/src/ui/chart-line.ts'

const at = (...values: (number | null)[]) => values.map((value, i) => ({ atMs: 1000 + 100 * i, value }))

test('the line goes from the left edge to the right one, and the top is the largest value', () =>
  expect(piecesOf(at(0, 5, 10), 1000, 1200, 10)).toEqual([
    [
      [0, 58],
      [150, 30],
      [300, 2],
    ],
  ]))

test('what is not known is a gap', () => {
  expect(piecesOf(at(null, 1, null, null, 2, 3), 1000, 1500, 4).map((piece) => piece.length)).toEqual([1, 2])
  expect(piecesOf(at(null), 0, 1, 1)).toEqual([])
  expect(piecesOf([], 0, 1, 1)).toEqual([])
})

test('the axis begins with the first sample, shows a minute at least and a quarter of an hour at most', () => {
  const nowMs = 10_000_000
  expect(nowMs - axisFrom(nowMs - 5000, nowMs)).toBe(60_000)
  expect(nowMs - axisFrom(nowMs - 300_000, nowMs)).toBe(300_000)
  expect(nowMs - axisFrom(0, nowMs)).toBe(900_000)
})
