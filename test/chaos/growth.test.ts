import { expect, test } from 'vitest'
import { growthOf, type StepHeld } from './growth.ts'

/** Three lives of ten steps, each from a height of its own, with the noise of steps. */
const steps = (rssAt: (inLife: number, step: number) => number): StepHeld[] =>
  Array.from({ length: 30 }, (_, step) => ({
    step,
    life: `${Math.floor(step / 10)}`,
    held: {
      descriptors: 40 + (step % 4),
      threads: 20 + (step % 3),
      rssMiB: 300 - 30 * Math.floor(step / 10) + rssAt(step % 10, step) + 8 * Math.sin(7 * step),
    },
  }))
const leaks = (held: readonly StepHeld[]) => growthOf(held).flatMap(({ of, isLeak }) => (isLeak ? [of] : []))

test('noise, and what each life begins with, is no growth', () => {
  expect(leaks(steps(() => 0))).toEqual([])
  expect(leaks(steps((inLife) => (inLife === 0 ? -150 : 0)))).toEqual([])
})

test('a leak of some MiB a step is seen long before it is 200, though the processes are started anew', () => {
  expect(leaks(steps((inLife) => 5 * inLife))).toEqual(['rssMiB'])
})

test('few steps tell nothing', () => {
  expect(growthOf(steps(() => 0).slice(0, 8))).toEqual([])
})
