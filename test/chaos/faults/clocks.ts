import { framesCome, staysReady } from '../checks.ts'
import { type Fault, fault, oneOf } from '../fault.ts'

const hourMs = 3_600_000
const jumps = [
  hourMs,
  -hourMs,
  24 * hourMs,
  -24 * hourMs,
  40 * 24 * hourMs,
  -400 * 24 * hourMs,
  11_000,
  -11_000,
] as const

/** The site must go on, and know the same people, whatever the wall clock says. */
export const clocks: readonly Fault[] = [
  fault({
    name: 'the clock jumps, and jumps back',
    apply: ({ faults }, random) => {
      const jumpMs = oneOf(jumps, random)
      faults.shiftClock(jumpMs)
      return jumpMs
    },
    expect: async (world, jumpMs) => {
      await framesCome(world)
      await staysReady(world)
      return `${jumpMs > 0 ? '+' : '−'}${Math.abs(jumpMs) / 1000} s, frames go on`
    },
    undo: ({ faults }) => faults.shiftClock(0),
  }),
]
