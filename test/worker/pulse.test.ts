import { expect, test } from 'vitest'
import { createPulse } from '../../src/worker/pulse.ts'

test('the longest time that a beat was late, without what came before the reset', () => {
  let nowMs = 0
  const pulse = createPulse(() => nowMs)
  const beatAfter = (ms: number): number => {
    nowMs += ms
    return pulse.beat()
  }
  expect(beatAfter(1000)).toBe(0)
  // A model was loaded.
  expect(beatAfter(9000)).toBe(8000)
  nowMs += 5000
  pulse.reset()
  expect(beatAfter(1000)).toBe(0)
  expect(beatAfter(1400)).toBe(400)
  expect(beatAfter(1100)).toBe(400)
})
