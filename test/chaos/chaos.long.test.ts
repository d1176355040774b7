import { expect, test } from 'vitest'
import { runChaos } from './chaos.ts'

/** The middle part of `npm run chaos`: faults of six kinds. */
test('faults of processes, disks, clocks and peers cost no event, no ID and no readiness', async () => {
  const lines: string[] = []
  const { steps, failure } = await runChaos({
    // In this order a clock that jumps, a hanging process, endless headers, a full disk, and kill -9 of both kinds.
    seed: 181,
    minutes: 10,
    steps: 6,
    isShort: true,
    brokers: null,
    say: (line) => lines.push(line),
  })
  const failed = steps.filter((step) => step.failure !== null)
  expect(failed, `repeat it with npm run chaos -- --short --seed 181\n${lines.join('\n')}`).toEqual([])
  expect(failure).toBeNull()
  expect(steps).toHaveLength(6)
}, 300_000)
