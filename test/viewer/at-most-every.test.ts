import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { atMostEvery } from '../../viewer/src/shell/at-most-every.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** When it was done, milliseconds from the beginning, if it is asked for at these times. */
const doneAt = (askedAtMs: readonly number[], stoppedAtMs = Number.POSITIVE_INFINITY): number[] => {
  const [done, begin]: [number[], number] = [[], Date.now()]
  const often = atMostEvery(100, () => done.push(Date.now() - begin))
  for (const ms of askedAtMs) setTimeout(often.ask, ms)
  if (stoppedAtMs < 10_000) setTimeout(often.stop, stoppedAtMs)
  vi.advanceTimersByTime(10_000)
  return done
}

test('what is asked for alone is done at once', () => {
  expect(doneAt([0, 500, 1000])).toEqual([0, 500, 1000])
})

test('what is asked for often is done now and then, and after the last time', () => {
  expect(doneAt([0, 1, 2, 99])).toEqual([0, 100])
  expect(doneAt([0, 50, 150, 250, 260])).toEqual([0, 100, 200, 300])
})

test('what is stopped is not done, and begins anew', () => {
  expect(doneAt([0, 50], 60)).toEqual([0])
  expect(doneAt([0, 50, 70], 60)).toEqual([0, 70])
})
