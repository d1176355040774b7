import { expect, test } from 'vitest'
import { createGrantedClock } from './granted-time.ts'

test('runs as time does on a quiet machine, down to six times slower on a busy one, and never backwards', () => {
  let [now, waited]: [number, number | null] = [1000, 50]
  const clock = createGrantedClock(
    () => now,
    () => waited,
  )
  const after = (ms: number, waitedMs: number | null): number => {
    now += ms
    waited = waitedMs === null || waited === null ? waitedMs : waited + waitedMs
    return Math.round(clock())
  }
  expect(after(600, 0)).toBe(600)
  expect(after(600, 600)).toBe(700)
  expect(after(600, 300)).toBe(1050)
  // The two are not read at the same moment.
  expect(after(600, 650)).toBe(1150)
  expect(after(0, 10)).toBe(1150)
  expect(after(600, null)).toBe(1750)
})
