import { expect, test } from 'vitest'
import { exitCodes } from '../../support/growth.ts'
import { type Held, viewerGrowth, viewerOutcome, viewerVerdict } from './verdict.ts'

/** An hour with a look every half minute. Noise that no luck decides. */
const hour = (pageKiBAt: (hours: number) => number, looks = 120, browserMiBAt = (_hours: number) => 900) =>
  Array.from({ length: looks }, (_, i) => {
    const hours = i / 120
    const noise = Math.sin(7 * i)
    const held: Held = {
      pageKiB: pageKiBAt(hours) + 20 * noise,
      workersKiB: 600 + 5 * noise,
      nodes: 2000 + noise,
      listeners: 200 + noise,
      detached: 300 + noise,
      blobs: 5,
      pictures: 20 + noise / 2,
      browserMiB: browserMiBAt(hours) + noise,
      serverHeapMiB: 38 + noise / 4,
      serverBuffersMiB: 1 + noise / 8,
      serverMiB: 150 + noise,
      visionMiB: 300 + noise,
      descriptors: 33,
    }
    return [hours, held] as const
  })
const lastLine = (samples: ReturnType<typeof hour>) => viewerVerdict(60, viewerGrowth(samples)).at(-1)

test('an hour is flat, or says what grows', () => {
  expect(lastLine(hour(() => 2500))).toMatch(/^verdict: 60 minutes watched, all flat; .*: met$/)
  expect(lastLine(hour((hours) => 2500 + 4000 * hours))).toMatch(/grows: pageKiB; .*: NOT MET$/)
})

test('noise, or too few looks, say nothing', () => {
  expect(lastLine(hour((hours) => 2500 + 3000 * Math.sin(40 * hours)))).toMatch(/unclear: pageKiB; .*: unclear: watch/)
  expect(lastLine(hour(() => 2500, 6))).toMatch(/: unclear: watch/)
  expect(exitCodes[viewerOutcome(viewerGrowth(hour(() => 2500, 6)))]).toBe(2)
})

test('the noise of a whole process does not hide that what is counted is flat, and a process that grows is told', () => {
  const noisy = hour(
    () => 2500,
    120,
    (hours) => 900 + 60 * Math.sin(40 * hours),
  )
  expect(lastLine(noisy)).toMatch(/lost in the noise: browserMiB; .*: met$/)
  expect(exitCodes[viewerOutcome(viewerGrowth(noisy))]).toBe(0)
  expect(
    lastLine(
      hour(
        () => 2500,
        120,
        (hours) => 900 + 60 * hours,
      ),
    ),
  ).toMatch(/grows: browserMiB; .*: NOT MET$/)
})
