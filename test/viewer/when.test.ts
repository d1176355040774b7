import { expect, test } from 'vitest'
import { ago, lasting, timeOfDay } from '../../viewer/src/ui/when.ts'

const now = Date.UTC(2026, 10, 24, 12)

test.each([
  [now + 500, '0 s ago'],
  [now - 59_999, '59 s ago'],
  [now - 60_000, '1 min ago'],
  [now - 3_600_000, '1 h ago'],
  [now - 3 * 86_400_000, '3 d ago'],
  // Recordings count from zero.
  [65_000, 'at 1:05'],
  [3_725_000, 'at 1:02:05'],
])('%d is %s', (atMs, expected) => expect(ago(atMs, now)).toBe(expected))

test('time of day is local; that of a recording is its position', () => {
  expect(timeOfDay(new Date(2026, 10, 24, 7, 5, 9).getTime())).toBe('07:05:09')
  expect(timeOfDay(0)).toBe('0:00')
})

test('durations', () => {
  const durations = [1234, 9949, 9950, 42_400, 59_400, 59_500, 150_000].map(lasting)
  // The blank breaks no line.
  expect(durations).toEqual([
    '1.2\u00a0s',
    '9.9\u00a0s',
    '10\u00a0s',
    '42\u00a0s',
    '59\u00a0s',
    '1\u00a0min',
    '3\u00a0min',
  ])
})
