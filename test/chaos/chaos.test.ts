import { expect, test } from 'vitest'
import { runChaos } from './chaos.ts'

/** The short part of `npm run chaos`: three faults; `chaos.long.test.ts` has six. */
test('faults of processes and disks cost no event, no ID and no readiness', async () => {
  const lines: string[] = []
  const { steps, failure } = await runChaos({
    // In this order a full disk, kill -9 of a vision process, kill -9 of the main process.
    seed: 21,
    minutes: 10,
    steps: 3,
    isShort: true,
    brokers: null,
    say: (line) => lines.push(line),
  })
  const failed = steps.filter((step) => step.failure !== null)
  expect(failed, `repeat it with npm run chaos -- --short --seed 21\n${lines.join('\n')}`).toEqual([])
  expect(failure).toBeNull()
  expect(steps).toHaveLength(3)
}, 300_000)
