import { expect, test } from 'vitest'
import { retryDelayMs } from '../../client/src/retry-delay.ts'

test('doubles from half a second up to ten, at least half of it waited', () => {
  expect([0, 1, 2, 3, 4, 5, 50].map((attempt) => retryDelayMs(attempt, 1))).toEqual([
    500, 1000, 2000, 4000, 8000, 10_000, 10_000,
  ])
  expect(retryDelayMs(0, 0)).toBe(250)
})
