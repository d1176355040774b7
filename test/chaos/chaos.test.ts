import { expect, test } from 'vitest'
import { runChaos } from './chaos.ts'

/** The short part of `npm run chaos`: the faults that take seconds, each once. */
test('faults of processes, disks, clocks and peers cost no event, no ID and no readiness', async () => {
  const lines: string[] = []
  const { steps, failure } = await runChaos({
    seed: 12,
    minutes: 0.6,
    isShort: true,
    brokers: null,
    say: (line) => lines.push(line),
  })
  const failed = steps.filter((step) => step.failure !== null)
  expect(failed, `repeat it with npm run chaos -- --short --seed 12\n${lines.join('\n')}`).toEqual([])
  expect(failure).toBeNull()
  expect(steps.length).toBeGreaterThan(2)
}, 300_000)
